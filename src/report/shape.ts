export * from '../model/shape.ts';

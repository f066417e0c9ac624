#!/usr/bin/env bash
# The certificates of tls.test.ts: of a test authority, of a stranger to it, and what the authority signed. They protect nothing, and are
# valid from 2020 to 2120, whatever a machine's clock says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/openssl.cnf" <<CONFIG
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
default_md = sha256
policy = policy
default_startdate = 20200101000000Z
default_enddate = 21200101000000Z
rand_serial = yes
unique_subject = no
[policy]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
[server]
subjectAltName = IP:127.0.0.1, DNS:localhost
[elsewhere]
subjectAltName = DNS:trino.example
[client]
extendedKeyUsage = clientAuth
CONFIG
touch "$work/index"

# certificate NAME SECTION FLAGS...
certificate() {
  local name=$1 section=$2
  shift 2
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$name.key"
  openssl req -new -config "$work/openssl.cnf" -key "$name.key" -subj "/CN=driftgate test $name" -out "$work/request"
  openssl ca -batch -notext -config "$work/openssl.cnf" -extensions "$section" -in "$work/request" -out "$name.pem" "$@"
}

certificate authority authority -selfsign -keyfile authority.key
certificate stranger authority -selfsign -keyfile stranger.key
for name in server elsewhere client; do
  certificate "$name" "$name" -cert authority.pem -keyfile authority.key
done
# neither signs any more
rm authority.key stranger.key

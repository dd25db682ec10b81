#!/bin/bash
# A real Request Tracker 5 on loopback for tests.  usage: rt.sh install|up|down|load|token USER
#   RT_TEST_BASE (state folder, default ./rt-state)   RT_TEST_PORT (default 8091)   RT_FAKE=1 (clock = file $RT_TEST_BASE/clock)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export RT_TEST_BASE=${RT_TEST_BASE:-$here/rt-state} RT_TEST_PORT=${RT_TEST_PORT:-8091}
export RT_SITE_CONFIG=$here/RT_SiteConfig.pm RT_SITE_CONFIG_DIR=$RT_TEST_BASE/etc.d
mkdir -p "$RT_TEST_BASE/etc.d"; url=http://127.0.0.1:$RT_TEST_PORT
case $1 in
install)
  dpkg-query -W -f '${Status}\n' request-tracker5 faketime 2>/dev/null | grep -c 'ok installed' | grep -qx 2 && exit 0
  debconf-set-selections <<'P'
request-tracker5 request-tracker5/rtname string rt.example.test
request-tracker5 request-tracker5/organization string example.test
request-tracker5 request-tracker5/handle-siteconfig-permissions boolean false
request-tracker5 request-tracker5/webbaseurl string http://127.0.0.1
request-tracker5 request-tracker5/install-cronjobs boolean false
request-tracker5 request-tracker5/dbconfig-install boolean false
P
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    request-tracker5 rt5-db-sqlite rt5-standalone msmtp-mta faketime ;;
up)
  [ -f "$RT_TEST_BASE/pid" ] && kill -0 "$(cat "$RT_TEST_BASE/pid")" 2>/dev/null && exit 0
  if [ ! -f "$RT_TEST_BASE/rt.sqlite" ]; then
    echo root-secret-1 > "$RT_TEST_BASE/rootpw"
    rt-setup-database-5 --action init --skip-create --dba root --root-password-file "$RT_TEST_BASE/rootpw" > "$RT_TEST_BASE/init.log" 2>&1
    rt-setup-database-5 --action insert --skip-create --dba root --datafile "$here/support.initialdata" >> "$RT_TEST_BASE/init.log" 2>&1
  fi
  if [ "${RT_FAKE:-}" ]; then
    [ -f "$RT_TEST_BASE/clock" ] || echo "2024-03-01 08:00:00" > "$RT_TEST_BASE/clock"
    export LD_PRELOAD=/usr/lib/$(uname -m)-linux-gnu/faketime/libfaketime.so.1
    export FAKETIME_TIMESTAMP_FILE=$RT_TEST_BASE/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 TZ=UTC
  fi
  setsid /usr/share/request-tracker5/libexec/rt-server --server Standalone --host 127.0.0.1 --port "$RT_TEST_PORT" \
    > "$RT_TEST_BASE/server.log" 2>&1 < /dev/null &
  echo $! > "$RT_TEST_BASE/pid"; unset LD_PRELOAD
  for _ in $(seq 1 600); do curl -fs -o /dev/null -u root:root-secret-1 $url/REST/2.0/rt && exit 0; sleep 0.1; done
  cat "$RT_TEST_BASE/server.log" >&2; exit 1 ;;
load) exec python3 "$here/load.py" "$here/fixture.json" "$RT_TEST_BASE" "$url" ;;
token) perl -I/usr/share/request-tracker5/lib -e 'use RT -init; require RT::AuthToken; my $u=RT::User->new(RT->SystemUser); $u->Load($ARGV[0]);
   my ($ok,$m,$t)=RT::AuthToken->new(RT->SystemUser)->Create(Owner=>$u->Id,Description=>"test"); die $m unless $ok; print "$t\n"' "$2" 2>/dev/null ;;
down) [ -f "$RT_TEST_BASE/pid" ] && kill "$(cat "$RT_TEST_BASE/pid")"; rm -f "$RT_TEST_BASE/pid" ;;
esac

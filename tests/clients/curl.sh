#!/bin/sh
# A vault with nothing but curl.  Wants VAULT_URL, AUTHORITY_HOST, TENANT_ID,
# CLIENT_ID, CLIENT_SECRET, CA_FILE in the environment, and RESOURCE, which is
# what the challenge names.  Prints each value that it reads back.
set -eu

curl() { command curl -sS --fail-with-body --cacert "$CA_FILE" "$@"; }

# the challenge: who issues tokens, and for which resource
command curl -sS --cacert "$CA_FILE" -D - -o /dev/null \
    "$VAULT_URL/secrets/curl?api-version=7.4" |
    grep -i "^WWW-Authenticate: Bearer authorization=\"$AUTHORITY_HOST/$TENANT_ID\", resource=\"$RESOURCE\""

token=$(printf '%s' "$CLIENT_SECRET" |
    curl "$AUTHORITY_HOST/$TENANT_ID/oauth2/v2.0/token" \
        -d grant_type=client_credentials -d client_id="$CLIENT_ID" \
        --data-urlencode client_secret@- \
        --data-urlencode scope="$RESOURCE/.default" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# the token reaches curl by a file descriptor, not by its command line
vault() {
    path=$1
    shift
    printf 'header = "Authorization: Bearer %s"\n' "$token" |
        curl -K - "$VAULT_URL$path?api-version=7.4" "$@"
}

json='Content-Type: application/json'
vault /secrets/curl -X PUT -H "$json" -d '{"value":"written by curl"}'
echo
vault /secrets/curl
echo
# -d without a header says application/x-www-form-urlencoded
vault /secrets/curl -X PUT -d '{"value":"written without a type"}' || true
echo
vault /secrets/curl/ -X PATCH -H "$json" -d '{"contentType":"text/plain"}'
echo
vault /secrets/curl/versions
echo
vault /secrets/curl -X DELETE
echo
vault /deletedsecrets/curl/recover -X POST -d ''
echo
vault /secrets/curl -X DELETE
echo
vault /deletedsecrets/curl -X DELETE -o /dev/null -w '%{http_code}\n'

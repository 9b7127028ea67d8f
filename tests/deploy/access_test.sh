# Who altc-deploy is: credentials from each source, against the stand-in, and what of them may be
# seen.
# shellcheck shell=sh

bare() {
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    export AWS_REGION=eu-west-1
    export HOME="$PWD"
    unset AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE
    mkdir -p .aws
}

config() {
    cat >.aws/config
}

is_somebody() { # part of the ARN, source
    altc whoami
    exits 0
    out_has "$1"
    out_has "$2"
}

test_keys_in_files() {
    bare
    printf '[default]\naws_access_key_id = AKIASTANDIN000000001\naws_secret_access_key = standin-secret\n' \
        >.aws/credentials
    is_somebody 123456789012 "profile 'default'"
    AWS_PROFILE=gone
    export AWS_PROFILE
    altc whoami
    exits 13
    err_has "there is no profile 'gone'"
}

test_environment_before_profile_is_told() {
    mkdir .aws
    printf '[profile other]\nregion = eu-west-1\naws_access_key_id = AKIASTANDIN000000002\naws_secret_access_key = standin-other-secret\n' \
        >.aws/config
    AWS_CONFIG_FILE=$PWD/.aws/config
    AWS_PROFILE=other
    export AWS_PROFILE
    altc whoami
    exits 0
    out_has 123456789012
    err_has "warning: the keys in AWS_ACCESS_KEY_ID are used, not those of AWS_PROFILE 'other'"
    altc whoami --profile other
    exits 0
    out_has 210987654321
    ! grep -q warning err || fail "a warning for nothing"
}

test_roles() {
    bare
    config <<'INI'
[profile base]
aws_access_key_id = AKIASTANDIN000000001
aws_secret_access_key = standin-secret
[profile role]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = base
role_session_name = ci
[profile guarded]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me
INI
    AWS_PROFILE=role
    export AWS_PROFILE
    is_somebody assumed-role/Deploy/ci "the role of profile 'role'"
    out_has "expires     20"
    altc whoami --profile guarded
    exits 13
    err_has "needs an MFA code, and nobody can be asked"
}

test_web_identity() {
    bare
    echo some-token >token
    AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/token
    AWS_ROLE_ARN=arn:aws:iam::123456789012:role/Ci
    export AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
    is_somebody assumed-role/Ci "a web identity"
    echo expired-token >token
    altc whoami
    exits 13
    err_has ExpiredToken
    rm token
    altc whoami
    exits 13
    err_has "cannot read the web identity token"
}

test_container_and_metadata() {
    bare
    AWS_CONTAINER_CREDENTIALS_FULL_URI=$AWS_ENDPOINT_URL/container/Task
    export AWS_CONTAINER_CREDENTIALS_FULL_URI
    is_somebody 123456789012 "the container"
    unset AWS_CONTAINER_CREDENTIALS_FULL_URI
    AWS_EC2_METADATA_DISABLED=false
    AWS_EC2_METADATA_SERVICE_ENDPOINT=$AWS_ENDPOINT_URL
    export AWS_EC2_METADATA_SERVICE_ENDPOINT
    is_somebody 123456789012 "the instance's metadata"
    standin identity '{"imds":"absent"}'
    altc whoami
    exits 13
    err_has "no credentials were found"
}

test_processes() {
    bare
    cat >tool <<'SH'
#!/bin/sh
echo "$@" >asked
[ ! -f broken ] || { echo "sign in first" >&2; exit 3; }
printf '{"Version":1,"AccessKeyId":"AKIASTANDIN000000001","SecretAccessKey":"standin-secret"}'
SH
    chmod +x tool
    printf '[default]\ncredential_process = "%s/tool" --for "two words" $HOME\n' "$PWD" | config
    is_somebody 123456789012 "the process of profile 'default'"
    [ "$(cat asked)" = '--for two words $HOME' ] || fail "no shell may see it: $(cat asked)"
    : >broken
    altc whoami
    exits 13
    err_has "sign in first"
}

sso_cache() { # token, expires
    mkdir -p .aws/sso/cache
    # the SHA-1 of "s"
    cat >.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json <<JSON
{"startUrl": "https://s", "accessToken": "$1", "expiresAt": "$2", "refreshToken": "standin-refresh",
 "clientId": "c", "clientSecret": "s", "registrationExpiresAt": "2099-01-01T00:00:00Z"}
JSON
}

test_sso() {
    bare
    config <<'INI'
[profile sso]
sso_session = s
sso_account_id = 123456789012
sso_role_name = Admin
[profile none]
sso_session = s
sso_account_id = 123456789012
sso_role_name = NoSuch
[sso-session s]
sso_region = eu-west-1
sso_start_url = https://s
INI
    AWS_PROFILE=sso
    export AWS_PROFILE
    sso_cache standin-sso-token 2099-01-01T00:00:00Z
    is_somebody Admin "the sign-in of profile 'sso'"
    altc whoami --profile none
    exits 13
    err_has "gives no credentials for the account and role of profile 'none'"
    # ended, but renewable; the new token is kept, and only we can read it
    sso_cache old 2020-01-01T00:00:00Z
    is_somebody Admin "the sign-in of profile 'sso'"
    ! grep -q '"old"' .aws/sso/cache/*.json || fail "the new token is not kept"
    [ "$(stat -c %a .aws/sso/cache/*.json)" = 600 ] || fail "the token can be read by others"
    sso_cache wrong 2099-01-01T00:00:00Z
    altc whoami
    exits 13
    err_has "run 'aws sso login --profile sso'"
}

# AWS finds the keys expired in the middle; the process has others.
test_keys_that_expire_meanwhile() {
    bare
    program
    cat >tool <<'SH'
#!/bin/sh
printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}' $(cat keys)
SH
    chmod +x tool
    printf '[default]\ncredential_process = %s/tool\n' "$PWD" | config
    echo AKIASTANDIN000000001 standin-secret >keys
    standin credentials \
        '{"accessKeyId":"AKIASTANDIN000000009","secretAccessKey":"renewed","account":"123456789012"}'
    standin cues \
        '{"fault":"expired","action":"DescribeChangeSet","accessKey":"AKIASTANDIN000000001"}'
    # no newer ones
    deploy
    exits 13
    out_has "have expired, and there are no newer ones"
    # newer ones, as soon as it is asked again
    fresh
    standin credentials \
        '{"accessKeyId":"AKIASTANDIN000000009","secretAccessKey":"renewed","account":"123456789012"}'
    standin cues \
        '{"fault":"expired","action":"DescribeChangeSet","accessKey":"AKIASTANDIN000000001"}'
    cat >tool <<'SH'
#!/bin/sh
printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}' $(cat keys)
echo AKIASTANDIN000000009 renewed >keys
SH
    echo AKIASTANDIN000000001 standin-secret >keys
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
    # newer ones of somebody else: nothing more is done with them
    fresh
    standin cues \
        '{"fault":"expired","action":"DescribeChangeSet","accessKey":"AKIASTANDIN000000001"}'
    sed -i 's/AKIASTANDIN000000009 renewed/AKIASTANDIN000000002 standin-other-secret/' tool
    echo AKIASTANDIN000000001 standin-secret >keys
    deploy
    exits 13
    out_has "are of account 210987654321, expected 123456789012"
    called ExecuteChangeSet 0
}

test_secrets_are_not_seen() {
    program
    cat >>infra.alt <<'ALT'
param Password: String { NoEcho: true, Default: "none" }
resource Topic: AWS::SNS::Topic { DisplayName: Password }
ALT
    AWS_SESSION_TOKEN=
    deploy --debug --parameter Password=hush-hush
    exits 0
    err_has "CreateChangeSet: 200 ok"
    for secret in standin-secret hush-hush AWS4-HMAC Credential= ; do
        ! grep -qF -e "$secret" out err || fail "$secret can be seen"
        ! grep -rqF -e "$secret" .altc .sst 2>/dev/null || fail "$secret is in a file"
    done
}

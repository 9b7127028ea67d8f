# altc whoami, which starts altc-deploy. Nothing here leaves this machine.

sealed() {
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_REGION \
        AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_ENDPOINT_URL_STS
    HOME=$PWD
    AWS_EC2_METADATA_DISABLED=true
    export HOME AWS_EC2_METADATA_DISABLED
}

test_whoami_without_region_or_credentials() {
    sealed
    altc whoami
    exits 13
    err_has "no region is set"
    altc whoami --region eu-west-1
    exits 13
    err_has "no credentials were found"
    err_has "sign in with 'aws sso login'"
    altc whoami --format yaml
    exits 2
}

test_whoami_when_nobody_answers() {
    sealed
    AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=very-secret
    AWS_ENDPOINT_URL=http://127.0.0.1:1
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_ENDPOINT_URL
    altc whoami --region eu-west-1 --debug
    exits 13
    err_has "AWS does not say who you are: "
    ! grep -q "very-secret" err || fail "a secret is shown"
}

test_whoami_asks_moto() {
    command -v moto_server >/dev/null && moto_server --help >/dev/null 2>&1 ||
        skip "moto_server is not installed"
    sealed
    moto_server -p 0 >moto.log 2>&1 &
    moto=$!
    trap 'kill $moto 2>/dev/null' EXIT
    eventually grep -q "Running on http" moto.log
    mkdir .aws
    printf '[profile direct]\naws_access_key_id = A\naws_secret_access_key = s\n' >.aws/config
    printf '[profile role]\nrole_arn = arn:aws:iam::123456789012:role/deployer\n' >>.aws/config
    printf 'source_profile = direct\nrole_session_name = tester\n' >>.aws/config
    AWS_ENDPOINT_URL=$(sed -n 's/.*Running on \(http:[^ ]*\).*/\1/p' moto.log | head -n 1)
    AWS_REGION=eu-west-1
    export AWS_ENDPOINT_URL AWS_REGION
    altc whoami --profile direct
    exits 0
    out_has "account     123456789012"
    out_has "credentials profile 'direct'"
    altc whoami --profile role --format json
    exits 0
    out_has '"arn": "arn:aws:sts::123456789012:assumed-role/deployer/tester"'
    out_has '"partition": "aws"'
}

# What altc hands to altc-deploy. A script stands for the deployer: it tells how it was started.

with_deployer() {
    mkdir bin
    cp "$ALTC" bin/altc
    cat >bin/altc-deploy <<'SH'
#!/bin/sh
for word; do echo "[$word]"; done
exit 17
SH
    chmod +x bin/altc-deploy
    ALTC=$PWD/bin/altc
}

test_deploy_compiles_and_hands_over() {
    with_deployer
    staged infra.alt
    altc deploy --stage production --yes --allow Topic --parameter A=1 --parameter B=2
    exits 17
    printf '[%s]\n' deploy --manifest ./.altc/prod/prod.manifest.json --root . --allow Topic \
        --yes --parameter A=1 --parameter B=2 >expected
    diff expected out || fail "it was started otherwise"
    grep -q '"TopicName": "news-prod"' .altc/prod/prod.json || fail "the template is not that of prod"
    [ "$(cat .altc/.gitignore)" = '*' ] || fail "git would see .altc"
}

test_deploy_from_another_folder() {
    with_deployer
    mkdir "a b"
    staged "a b/infra.alt"
    altc deploy "a b/infra.alt"
    exits 17
    out_has "[a b/.altc/dev/dev.manifest.json]"
    out_has "[a b]"
}

test_deploy_takes_a_manifest_as_it_is() {
    with_deployer
    staged infra.alt
    altc --all -d dist
    exits 0
    rm infra.alt
    altc deploy dist/dev.manifest.json --root here
    exits 17
    printf '[%s]\n' deploy --manifest dist/dev.manifest.json --root here >expected
    diff expected out || fail "it was started otherwise"
    altc deploy dist/dev.manifest.json --stage dev
    exits 2
    err_has "are for compiling"
}

test_a_broken_program_is_not_handed_over() {
    with_deployer
    echo 'resource Topic: AWS::SNS::Topik {}' >infra.alt
    altc deploy
    exits 1
    out_empty
    err_has "infra.alt:1:17: error:"
    [ ! -e .altc ] || fail "something was written"
    altc deploy infra.alt --root x
    exits 2
}

test_deploy_without_a_deployer() {
    mkdir bin
    cp "$ALTC" bin/altc
    program infra.alt
    status=0
    PATH=/nowhere bin/altc deploy >out 2>err || status=$?
    exits 2
    err_has "cannot start altc-deploy"
}

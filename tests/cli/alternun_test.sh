# The inventory of the Alternun system says what its people say of it, sentence by sentence.

inventory() {
    set -a
    . "$here/../golden/alternun-dev/env"
    set +a
    altc docs "$here/../../templates/alternun/infra.alt" -d pages
    exits 0
}

# row STAGE TEXT…: one line of the stage's page has all texts.
row() {
    cp "pages/$1.md" lines
    where=$1
    shift
    for text in "$@"; do
        grep -F -- "$text" lines >rest || fail "no line of $where has all of: $*"
        mv rest lines
    done
}

not_in() { # STAGE TEXT
    ! grep -qF -- "$2" "pages/$1.md" || fail "$1 should not have: $2"
}

test_alternun_stage_model() {
    inventory
    # Public stages and their domains.
    row README "[production]" "family: public" '`airs.alternun.co`'
    row README "[dev]" "family: public" '`testnet.airs.alternun.co`'
    row README "[mobile]" "family: public" '`preview.airs.alternun.co`'
    # Backend and internal stages: combined, and apart as escape hatches.
    for tier in dev prod; do
        row README "[dashboard-$tier]" "api, admin"
        row README "[api-$tier]" "| api |" "escape hatch of dashboard-$tier"
        row README "[admin-$tier]" "| admin |" "escape hatch of dashboard-$tier"
        row README "[identity-$tier]" "| identity |"
        row "api-$tier" "--allow api-$tier"
        row "admin-$tier" "--allow admin-$tier"
    done
    # The corporate site stays on alternun.io; application and identity are on alternun.co.
    row identity-prod "corporate" '`alternun.io`' "elsewhere"
    row identity-prod "sso (owned here)" '`sso.alternun.co`'
    ! grep -E 'AWS::(Route53|CertificateManager)::.*alternun\.io' pages/*.md || fail "something is made on alternun.io"
}

test_alternun_public_app() {
    inventory
    for stage in production dev mobile; do
        row $stage "Airs.Distribution" "AWS::CloudFront::Distribution" "airs.alternun.co"
        row $stage "Expo web build"
        row $stage "Alt::Site::Files" "build:web" 'Output `dist`'
        row $stage "Assets.Bucket" "alternun-$stage-expo-public-assets-alternun-co"
        row $stage "Airs.Certificate" "DNS validation"
    done
    # Redirects depend on the stage: only dev has them.
    row dev "RootRedirect.Function" "redirects to https://alternun.io"
    row dev "LegacyRedirect.Function" "redirects to https://testnet.airs.alternun.co"
    row dev "LegacyRedirect.Distribution" "dev.airs.alternun.co, demo.airs.alternun.co, beta.airs.alternun.co"
    not_in production "RootRedirect.Function"
    not_in mobile "LegacyRedirect.Function"
}

test_alternun_api_and_admin() {
    inventory
    for stage in dashboard-dev dashboard-prod api-dev api-prod; do
        row $stage "Api.Function" "AWS::Lambda::Function" "nodejs22.x, arm64, 1024 MB, at most 30 s"
        row $stage "Http.Api" "AWS::ApiGatewayV2::Api" "HTTP"
        row $stage "Api.Logs" "AWS::Logs::LogGroup" "kept 14 days"
        row $stage "Http.Mapping" "AWS::ApiGatewayV2::ApiMapping"
        row $stage "Http.Certificate" "DNS validation"
        row $stage "Http.Record" "AWS::Route53::RecordSet"
    done
    for stage in dashboard-dev dashboard-prod admin-dev admin-prod; do
        row $stage "Admin.Bucket" "AWS::S3::Bucket"
        row $stage "Admin.Distribution" "AWS::CloudFront::Distribution" "admin.alternun.co"
        row $stage "Admin.Certificate" "DNS validation"
    done
    not_in api-dev "AWS::CloudFront::Distribution"
    not_in admin-prod "AWS::Lambda::Function"
}

test_alternun_identity() {
    inventory
    for stage in identity-dev identity-prod; do
        row $stage "Identity.Network.Vpc" "AWS::EC2::VPC"
        row $stage "Identity.AppGroup" "AWS::EC2::SecurityGroup"
        row $stage "Identity.Instance" "AWS::EC2::Instance" "t3.small"
        row $stage "Identity.Database" "AWS::RDS::DBInstance" "postgres, 16"
        for secret in authentik-secret-key database-credentials smtp-credentials jwt-signing-key integration-config; do
            row $stage "AWS::SecretsManager::Secret" "alternun-infra/identity/$secret/$stage"
        done
        row $stage "Identity.Record" "AWS::Route53::RecordSet"
    done
    # TLS by stage: ACME on the host, or ACM at the load balancer.
    row identity-dev "Identity.AcmeBucket"
    row identity-dev "Identity.Address" "AWS::EC2::EIP"
    not_in identity-dev "Identity.LoadBalancer |"
    row identity-prod "Identity.Certificate" "DNS validation"
    row identity-prod "Identity.LoadBalancer" "internet-facing"
    not_in identity-prod "Identity.AcmeBucket |"
    # The database is optional.
    INFRA_IDENTITY_DATABASE_MODE=ec2 altc docs "$here/../../templates/alternun/infra.alt" --stage identity-dev -d without
    ! grep -q "AWS::RDS::DBInstance" without/identity-dev.md || fail "RDS in the mode ec2"
}

test_alternun_pipelines_and_guards() {
    inventory
    # Six by default, development from develop, production from master; of the stage production only.
    for key in production identity-prod dashboard-prod; do
        row production "Pipeline[\"$key\"].Pipeline" "branch master, of alternun-development/alternun"
    done
    for key in dev identity-dev dashboard-dev; do
        row production "Pipeline[\"$key\"].Pipeline" "branch develop, of alternun-development/alternun"
    done
    [ "$(grep -c '`AWS::CodePipeline::Pipeline` | `P' pages/production.md)" -eq 6 ] || fail "not six pipelines"
    row production 'Pipeline["dev"].Build' "AWS::CodeBuild::Project"
    not_in dev "AWS::CodePipeline::Pipeline"
    # Guards against accidental deletion, each with its way through.
    row production "no pipeline vanishes" "--allow pipeline-deletion"
    row dashboard-dev "a dashboard stage owns both admin and API" "Nothing lifts it"
    row identity-prod "identity is never lost by accident" "--allow identity-replacement"
    row identity-prod "keeps its mode and its data" "--allow identity-database"
    row identity-dev "identity stays on" "--allow identity-disable"
    # Where to read on, in this order.
    row README "Read in this order"
}

# What a pipeline tells its build makes the stage that it deploys, with all that it has by hand.
test_alternun_builds_make_their_stages() {
    command -v python3 >/dev/null || skip "python3 is not installed"
    set -a
    . "$here/../golden/alternun-dev/env"
    set +a
    python3 - "$ALTC" "$here/../.." <<'PY' >log 2>&1 || fail "$(cat log)"
import json, os, subprocess, sys
altc, root = sys.argv[1:]
def template(stage, told):
    command = [altc, '-q', root + '/templates/alternun/infra.alt', '--stage', stage]
    return json.loads(subprocess.run(command, env={**os.environ, **told}, check=True, stdout=subprocess.PIPE).stdout)
with open(root + '/tests/golden/alternun-production/expect.json', encoding='utf-8') as golden:
    resources = json.load(golden)['Resources'].values()
builds = [r['Properties']['Environment'] for r in resources if r['Type'] == 'AWS::CodeBuild::Project']
assert len(builds) == 6, len(builds)
for build in builds:
    told = {v['Name']: v['Value'] for v in build['EnvironmentVariables']}
    stage = told['SST_STAGE']
    by_hand, built = template(stage, {}), template(stage, told)
    assert set(by_hand['Resources']) == set(built['Resources']), stage
    assert set(by_hand['Outputs']) == set(built['Outputs']), stage
PY
}

// Who owns which host, across all stages.
#include "compiler/driver/driver_priv.h"

static bool are_hatch_and_owner(const StageDef *a, const StageDef *b)
{
    return str_equal(a->hatch_of, b->name) || str_equal(b->hatch_of, a->name) ||
           (a->hatch_of.len && str_equal(a->hatch_of, b->hatch_of));
}

// A hatch may claim what its stage claims; two hatches of one stage share it too.
static bool may_share(const StageDef *a, const StageDef *b)
{
    return a == b || (are_hatch_and_owner(a, b) && (a->hatch_of.len || b->hatch_of.len));
}

static Claim claim_of(Arena *arena, const StageDef *stage, const Domain *domain, Str host)
{
    return (Claim){
        .host = str_lower(arena, host),
        .domain = str_copy(arena, domain->name),
        .stage = stage,
        .span = domain->decl->name.span,
    };
}

static void add_claim(
    Compilation *run, DiagSink *diags, const StageDef *stage, const Domain *domain, Str host)
{
    Claim claim = claim_of(run->arena, stage, domain, host);
    for (size_t i = 0; i < run->claims.len; i++) {
        const Claim *other = &run->claims.items[i];
        if (!str_equal(other->host, claim.host) || may_share(other->stage, stage))
            continue;
        Diag *diag = diag_add(diags, DIAG_HOST_OWNED_TWICE, claim.span, other->stage->name,
            stage->name, claim.host, DIAG_END);
        if (other->span.start != claim.span.start || other->span.file != claim.span.file)
            diag_note(
                diags, diag, other->span, "'%.*s' is the other owner", STR_FMT(other->domain));
        return;
    }
    VEC_ADD(run->arena, &run->claims, claim);
}

// ---- redirects ----

static void add_redirects(Compilation *run, Evaluation *ev, Domain *domain, Str host)
{
    Arena *arena = run->arena;
    Value *redirects = evaluation_domain_field(ev, domain, STR("redirects"));
    for (size_t i = 0; redirects->kind == VALUE_LIST && i < redirects->list.len; i++) {
        const Value *from = redirects->list.items[i];
        if (from->kind != VALUE_STRING)
            continue;
        Redirect redirect = {
            .from = str_lower(arena, from->text),
            .to = str_lower(arena, host),
            .domain = str_copy(arena, domain->name),
            .span = from->origin ? from->origin->span : domain->decl->name.span,
        };
        VEC_ADD(arena, &run->redirects, redirect);
    }
}

static const Redirect *redirect_of(const Compilation *run, Str host)
{
    for (size_t i = 0; i < run->redirects.len; i++)
        if (str_equal(run->redirects.items[i].from, host))
            return &run->redirects.items[i];
    return NULL;
}

// Follows a redirect until it ends or is back. A circle is reported at its first redirect.
static void check_redirect(const Compilation *run, const Redirect *first, DiagSink *diags)
{
    VEC(const Redirect *) way = {0};
    const Redirect *at = first;
    while (!str_equal(at->to, first->from)) {
        at = redirect_of(run, at->to);
        if (!at || at <= first || way.len > run->redirects.len)
            return;
        VEC_ADD(run->arena, &way, at);
    }
    Diag *diag = diag_add(diags, DIAG_REDIRECT_LOOP, first->span, first->domain, DIAG_END);
    for (size_t i = 0; i < way.len; i++)
        diag_note(diags, diag, way.items[i]->span, "'%.*s' leads on to '%.*s'",
            STR_FMT(way.items[i]->domain), STR_FMT(way.items[i]->to));
}

// ---- claims ----

// The domain elsewhere that the host is, or is below; NULL: none.
static const Claim *find_elsewhere(const Compilation *run, Str host)
{
    for (size_t i = 0; i < run->elsewhere.len; i++) {
        Str above = run->elsewhere.items[i].host;
        if (str_equal(host, above) || (host.len > above.len && str_ends(host, above) &&
                                          host.ptr[host.len - above.len - 1] == '.'))
            return &run->elsewhere.items[i];
    }
    return NULL;
}

static void report_elsewhere(
    DiagSink *diags, Evaluation *ev, const Claim *claim, Str host, const Origin *origin)
{
    Span span = origin ? origin->span : (Span){0};
    Diag *diag = diag_add(diags, DIAG_HOST_ELSEWHERE, span, host, claim->host, DIAG_END);
    diag_note(diags, diag, claim->span, "'%.*s' says so", STR_FMT(claim->domain));
    evaluation_explain_origin(ev, diag, origin);
}

static void add_elsewhere(Compilation *run, const Domain *domain, Str host)
{
    Claim claim = claim_of(run->arena, NULL, domain, host);
    const Claim *known = find_elsewhere(run, claim.host);
    if (!known || !str_equal(known->host, claim.host))
        VEC_ADD(run->arena, &run->elsewhere, claim);
}

static void claim_domain(Compilation *run, DiagSink *diags, Evaluation *ev, Domain *domain)
{
    const StageDef *stage = ev->options.stage;
    bool elsewhere = evaluation_is_elsewhere(ev, domain);
    if (!elsewhere && !evaluation_claims(ev, domain))
        return;
    Value *host = evaluation_domain_field(ev, domain, STR("host"));
    if (host->kind != VALUE_STRING)
        return;
    if (elsewhere) {
        add_elsewhere(run, domain, host->text);
        return;
    }
    add_claim(run, diags, stage, domain, host->text);
    add_redirects(run, ev, domain, host->text);
    Value *aliases = evaluation_domain_field(ev, domain, STR("aliases"));
    for (size_t i = 0; aliases->kind == VALUE_LIST && i < aliases->list.len; i++)
        if (aliases->list.items[i]->kind == VALUE_STRING)
            add_claim(run, diags, stage, domain, aliases->list.items[i]->text);
}

static bool program_has_domains(const Compilation *run)
{
    for (size_t m = 0; m < run->program->modules.len; m++) {
        const Scope *scope = run->analysis->modules[m].scope;
        for (size_t i = 0; i < scope->symbols.len; i++) {
            const Symbol *symbol = scope->symbols.items[i];
            if (symbol->kind == SYMBOL_DECL && symbol->decl->kind == DECL_DOMAIN)
                return true;
        }
    }
    return false;
}

void collect_claims(Compilation *run, const EvalOptions *extra, DiagSink *diags)
{
    run->claims.len = 0;
    run->elsewhere.len = 0;
    run->redirects.len = 0;
    run->claims_by_host = (Map){0};
    if (!program_has_domains(run))
        return;
    for (size_t i = 0; i < run->analysis->stages.len; i++) {
        const StageDef *stage = &run->analysis->stages.items[i];
        if (stage->is_pattern || stage->retired.len)
            continue;
        // Only domains are evaluated, and what is wrong with them is said when their stage is
        // compiled.
        Arena *arena = arena_new();
        EvalOptions options = stage_options(run, stage, stage->name, extra);
        Evaluation *ev = evaluation_new(arena, run->analysis, run->session->regexes, &options);
        ev->diags = diag_sink_new(arena);
        if (!options.empty_environment)
            ev->options.values = stage_values(run, ev);
        evaluation_collect_domains(ev);
        for (size_t d = 0; d < ev->domains.len; d++)
            claim_domain(run, diags, ev, ev->domains.items[d]);
        arena_free(arena);
    }
    for (size_t i = 0; i < run->redirects.len; i++)
        check_redirect(run, &run->redirects.items[i], diags);
    for (size_t i = 0; i < run->claims.len; i++)
        if (!map_find(&run->claims_by_host, run->claims.items[i].host))
            map_set(
                &run->claims_by_host, run->arena, run->claims.items[i].host, &run->claims.items[i]);
}

// ---- templates ----

static bool stage_owns(const Compilation *run, const StageDef *stage, Str host)
{
    for (size_t i = 0; i < run->claims.len; i++)
        if (str_equal(run->claims.items[i].host, host) &&
            may_share(run->claims.items[i].stage, stage))
            return true;
    return false;
}

static void check_host(
    Compilation *run, const StageResult *result, DiagSink *diags, const Datum *host)
{
    if (!host || host->kind != DATUM_STRING)
        return;
    Str name = str_lower(run->arena, host->text);
    if (str_ends(name, STR(".")))
        name = str_slice(name, 0, name.len - 1);
    const Claim *elsewhere = find_elsewhere(run, name);
    if (elsewhere) {
        report_elsewhere(diags, result->evaluation, elsewhere, name, host->origin);
        return;
    }
    const Claim *claim = map_find(&run->claims_by_host, name);
    if (!claim || stage_owns(run, result->evaluation->options.stage, name))
        return;
    Span span = host->origin ? host->origin->span : (Span){0};
    Diag *diag =
        diag_add(diags, DIAG_HOST_OF_OTHER_STAGE, span, name, claim->stage->name, DIAG_END);
    diag_note(diags, diag, claim->span, "'%.*s' gives it to that stage", STR_FMT(claim->domain));
    evaluation_explain_origin(result->evaluation, diag, host->origin);
}

static void check_resource(
    Compilation *run, const StageResult *result, DiagSink *diags, const Datum *resource)
{
    const Datum *type = datum_get(resource, STR("Type"));
    const Datum *properties = datum_get(resource, STR("Properties"));
    if (datum_is_string(type, "AWS::CloudFront::Distribution")) {
        const Datum *config = datum_get(properties, STR("DistributionConfig"));
        const Datum *aliases = datum_get(config, STR("Aliases"));
        for (size_t i = 0; aliases && aliases->kind == DATUM_LIST && i < aliases->items.len; i++)
            check_host(run, result, diags, aliases->items.items[i]);
    } else if (datum_is_string(type, "AWS::ApiGatewayV2::DomainName") ||
               datum_is_string(type, "AWS::ApiGateway::DomainName")) {
        check_host(run, result, diags, datum_get(properties, STR("DomainName")));
    } else if (datum_is_string(type, "AWS::Route53::RecordSet")) {
        check_host(run, result, diags, datum_get(properties, STR("Name")));
    }
}

void check_claims(Compilation *run, const StageResult *result, DiagSink *diags)
{
    if (!run->claims.len && !run->elsewhere.len)
        return;
    for (size_t s = 0; s < result->model->stacks.len; s++) {
        const Datum *resources =
            datum_get(result->model->stacks.items[s]->template_, STR("Resources"));
        for (size_t i = 0; resources && i < resources->entries.len; i++)
            check_resource(run, result, diags, resources->entries.items[i].value);
    }
}

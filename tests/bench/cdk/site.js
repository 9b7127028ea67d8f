// The program of ../site.alt with aws-cdk-lib: the same resources, one construct for each, in
// plain JavaScript, without validation. COPIES=n makes n copies.
const { App, Stack, Aws } = require('aws-cdk-lib');
const s3 = require('aws-cdk-lib/aws-s3');
const cloudfront = require('aws-cdk-lib/aws-cloudfront');
const acm = require('aws-cdk-lib/aws-certificatemanager');
const route53 = require('aws-cdk-lib/aws-route53');
const dynamodb = require('aws-cdk-lib/aws-dynamodb');
const sqs = require('aws-cdk-lib/aws-sqs');
const logs = require('aws-cdk-lib/aws-logs');
const iam = require('aws-cdk-lib/aws-iam');
const lambda = require('aws-cdk-lib/aws-lambda');
const api = require('aws-cdk-lib/aws-apigatewayv2');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');

const host = 'site.example.org';
const zone = 'Z0123456789ABCDEFGHIJ';
const cloudFrontZone = 'Z2FDTNDATAQYW2';
const version = '2012-10-17';
const assumedBy = (Principal) => ({
  Version: version, Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
});

function site(stack, n) {
  const siteBucket = new s3.CfnBucket(stack, `SiteBucket${n}`, {
    bucketEncryption: { serverSideEncryptionConfiguration: [
      { serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] },
    publicAccessBlockConfiguration: { blockPublicAcls: true, blockPublicPolicy: true,
      ignorePublicAcls: true, restrictPublicBuckets: true },
    versioningConfiguration: { status: 'Enabled' },
  });
  const logBucket = new s3.CfnBucket(stack, `LogBucket${n}`, {
    lifecycleConfiguration: { rules: [{ status: 'Enabled', expirationInDays: 90 }] },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerPreferred' }] },
  });
  const access = new cloudfront.CfnOriginAccessControl(stack, `SiteAccess${n}`, {
    originAccessControlConfig: { name: `bench-site-${n}`, originAccessControlOriginType: 's3',
      signingBehavior: 'always', signingProtocol: 'sigv4' },
  });
  const rewrite = new cloudfront.CfnFunction(stack, `SiteRewrite${n}`, {
    name: `bench-rewrite-${n}`, autoPublish: true,
    functionCode: `function handler(event) {
  var request = event.request;
  if (request.uri.endsWith("/")) request.uri += "index.html";
  return request;
}
`,
    functionConfig: { comment: 'folders are their index', runtime: 'cloudfront-js-2.0' },
  });
  const cache = new cloudfront.CfnCachePolicy(stack, `SiteCache${n}`, {
    cachePolicyConfig: { name: `bench-cache-${n}`, defaultTtl: 3600, maxTtl: 86400, minTtl: 0,
      parametersInCacheKeyAndForwardedToOrigin: { cookiesConfig: { cookieBehavior: 'none' },
        enableAcceptEncodingBrotli: true, enableAcceptEncodingGzip: true,
        headersConfig: { headerBehavior: 'none' },
        queryStringsConfig: { queryStringBehavior: 'none' } } },
  });
  const headers = new cloudfront.CfnResponseHeadersPolicy(stack, `SiteHeaders${n}`, {
    responseHeadersPolicyConfig: { name: `bench-headers-${n}`, securityHeadersConfig: {
      contentTypeOptions: { override: true }, frameOptions: { frameOption: 'DENY', override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true } } },
  });
  const certificate = new acm.CfnCertificate(stack, `SiteCertificate${n}`, {
    domainName: host, subjectAlternativeNames: [`www.${host}`], validationMethod: 'DNS',
    domainValidationOptions: [host, `www.${host}`].map((domainName) =>
      ({ domainName, hostedZoneId: zone })),
  });
  const distribution = new cloudfront.CfnDistribution(stack, `SiteDistribution${n}`, {
    distributionConfig: {
      enabled: true, aliases: [host, `www.${host}`], defaultRootObject: 'index.html',
      httpVersion: 'http2and3', priceClass: 'PriceClass_100',
      origins: [{ id: 'site', domainName: siteBucket.attrRegionalDomainName,
        originAccessControlId: access.attrId, s3OriginConfig: { originAccessIdentity: '' } }],
      defaultCacheBehavior: { targetOriginId: 'site', viewerProtocolPolicy: 'redirect-to-https',
        allowedMethods: ['GET', 'HEAD'], cachePolicyId: cache.ref,
        responseHeadersPolicyId: headers.ref, compress: true,
        functionAssociations: [
          { eventType: 'viewer-request', functionArn: rewrite.attrFunctionArn }] },
      customErrorResponses: [403, 404].map((errorCode) =>
        ({ errorCode, responseCode: 200, responsePagePath: '/index.html' })),
      logging: { bucket: logBucket.attrRegionalDomainName, prefix: 'cdn/' },
      viewerCertificate: { acmCertificateArn: certificate.ref,
        minimumProtocolVersion: 'TLSv1.2_2021', sslSupportMethod: 'sni-only' },
    },
  });
  const distributionArn =
    `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${distribution.ref}`;
  new s3.CfnBucketPolicy(stack, `SiteBucketPolicy${n}`, {
    bucket: siteBucket.ref,
    policyDocument: { Version: version, Statement: [{ Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' }, Action: 's3:GetObject',
      Resource: `${siteBucket.attrArn}/*`,
      Condition: { StringEquals: { 'AWS:SourceArn': distributionArn } } }] },
  });
  for (const [id, name, type] of [['SiteRecord', host, 'A'], ['SiteRecordSix', host, 'AAAA'],
    ['WwwRecord', `www.${host}`, 'A']]) {
    new route53.CfnRecordSet(stack, `${id}${n}`, { hostedZoneId: zone, name, type,
      aliasTarget: { dnsName: distribution.attrDomainName, hostedZoneId: cloudFrontZone } });
  }
  const records = new dynamodb.CfnTable(stack, `Records${n}`, {
    billingMode: 'PAY_PER_REQUEST',
    attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' },
      { attributeName: 'sk', attributeType: 'S' }],
    keySchema: [{ attributeName: 'pk', keyType: 'HASH' }, { attributeName: 'sk', keyType: 'RANGE' }],
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    sseSpecification: { sseEnabled: true },
  });
  const deadLetters = new sqs.CfnQueue(stack, `DeadLetters${n}`, { messageRetentionPeriod: 1209600 });
  const jobs = new sqs.CfnQueue(stack, `Jobs${n}`, { visibilityTimeout: 60,
    redrivePolicy: { deadLetterTargetArn: deadLetters.attrArn, maxReceiveCount: 5 } });
  const apiLogs = new logs.CfnLogGroup(stack, `ApiLogs${n}`, {
    logGroupName: `/aws/lambda/bench-api-${n}`, retentionInDays: 14 });
  const apiRole = new iam.CfnRole(stack, `ApiRole${n}`, {
    assumeRolePolicyDocument: assumedBy({ Service: 'lambda.amazonaws.com' }),
    policies: [{ policyName: 'api', policyDocument: { Version: version, Statement: [
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `${apiLogs.attrArn}:*` },
      { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        Resource: records.attrArn },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: jobs.attrArn }] } }],
  });
  const handler = new lambda.CfnFunction(stack, `Api${n}`, {
    functionName: `bench-api-${n}`, architectures: ['arm64'],
    code: { zipFile: 'exports.handler = async () => ({ statusCode: 200 });' },
    handler: 'index.handler', role: apiRole.attrArn, runtime: 'nodejs22.x', memorySize: 1024,
    timeout: 15, environment: { variables: { TABLE: records.ref, QUEUE_URL: jobs.ref,
      SITE_URL: `https://${host}` } },
  });
  handler.addResourceDependency(apiLogs);
  const http = new api.CfnApi(stack, `HttpApi${n}`, { name: `bench-${n}`, protocolType: 'HTTP',
    corsConfiguration: { allowHeaders: ['content-type', 'authorization'],
      allowMethods: ['GET', 'POST'], allowOrigins: [`https://${host}`], maxAge: 600 } });
  const integration = new api.CfnIntegration(stack, `ApiIntegration${n}`, { apiId: http.ref,
    integrationType: 'AWS_PROXY', integrationUri: handler.attrArn, payloadFormatVersion: '2.0' });
  for (const [id, routeKey] of [['ApiRoute', '$default'], ['HealthRoute', 'GET /health']]) {
    new api.CfnRoute(stack, `${id}${n}`, { apiId: http.ref, routeKey,
      target: `integrations/${integration.ref}` });
  }
  const stage = new api.CfnStage(stack, `ApiStage${n}`, { apiId: http.ref, stageName: '$default',
    autoDeploy: true,
    defaultRouteSettings: { throttlingBurstLimit: 100, throttlingRateLimit: 50 } });
  new lambda.CfnPermission(stack, `ApiPermission${n}`, { action: 'lambda:InvokeFunction',
    functionName: handler.attrArn, principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${http.ref}/*` });
  const apiCertificate = new acm.CfnCertificate(stack, `ApiCertificate${n}`, {
    domainName: `api-${n}.${host}`, validationMethod: 'DNS',
    domainValidationOptions: [{ domainName: `api-${n}.${host}`, hostedZoneId: zone }] });
  const apiDomain = new api.CfnDomainName(stack, `ApiDomain${n}`, { domainName: `api-${n}.${host}`,
    domainNameConfigurations: [{ certificateArn: apiCertificate.ref, endpointType: 'REGIONAL',
      securityPolicy: 'TLS_1_2' }] });
  new api.CfnApiMapping(stack, `ApiMapping${n}`, { apiId: http.ref, domainName: apiDomain.ref,
    stage: stage.ref });
  new route53.CfnRecordSet(stack, `ApiRecord${n}`, { hostedZoneId: zone, name: `api-${n}.${host}`,
    type: 'A', aliasTarget: { dnsName: apiDomain.attrRegionalDomainName,
      hostedZoneId: apiDomain.attrRegionalHostedZoneId } });
  const deployRole = new iam.CfnRole(stack, `DeployRole${n}`, { assumeRolePolicyDocument:
    assumedBy({ AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` }) });
  new iam.CfnManagedPolicy(stack, `DeployPolicy${n}`, { roles: [deployRole.ref],
    policyDocument: { Version: version, Statement: [
      { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
        Resource: [siteBucket.attrArn, `${siteBucket.attrArn}/*`] },
      { Effect: 'Allow', Action: 'cloudfront:CreateInvalidation', Resource: distributionArn },
      { Effect: 'Allow', Action: 'lambda:UpdateFunctionCode', Resource: handler.attrArn }] } });
  new cloudwatch.CfnAlarm(stack, `Errors${n}`, { alarmDescription: 'the API fails',
    namespace: 'AWS/Lambda', metricName: 'Errors',
    dimensions: [{ name: 'FunctionName', value: handler.ref }], statistic: 'Sum', period: 300,
    evaluationPeriods: 1, threshold: 5, comparisonOperator: 'GreaterThanThreshold',
    treatMissingData: 'notBreaching' });
}

const app = new App({ analyticsReporting: false, treeMetadata: false, outdir: process.argv[2],
  context: { 'aws:cdk:enable-path-metadata': false } });
const stack = new Stack(app, 'bench');
for (let n = 0; n < Number(process.env.COPIES || 1); n++) site(stack, n);
app.synth({ skipValidation: true });

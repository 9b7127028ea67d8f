"""Creates the stack of each template through moto_server's CloudFormation API:
create.py TEMPLATE…

moto does not know every type and attribute. What it does not know is taken out, and references to
it become texts; everything else must be created. Prints `TEMPLATE|ok|N created, N unknown to moto`
or `TEMPLATE|FAIL|why`.
"""
import io
import json
import logging
import os
import re
import sys
import urllib.request
import zipfile

logging.disable(logging.CRITICAL)
os.environ.update(AWS_ACCESS_KEY_ID='test', AWS_SECRET_ACCESS_KEY='test')

import boto3  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError  # noqa: E402
from botocore.parsers import ResponseParserError  # noqa: E402
from moto.cloudformation.parsing import get_model_map  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

# Attributes of known types that moto cannot give.
UNKNOWN_ATTRIBUTES = {('AWS::RDS::DBInstance', 'DBInstanceArn'), ('AWS::RDS::DBInstance', 'MasterUserSecret.SecretArn'),
                      ('AWS::S3::Bucket', 'RegionalDomainName'), ('AWS::SNS::Topic', 'TopicArn')}
PLACEHOLDER = 'unknown-to-moto'


class Reducer:
    """`outside` has what lies outside the stack: the zone's id, a certificate's ARN, ids of
    subnets and of two security groups."""

    def __init__(self, template, known, outside):
        self.types = {name: r['Type'] for name, r in template['Resources'].items()}
        self.known = known
        self.outside = outside

    def stand_in(self, name):
        certificate = self.types.get(name) == 'AWS::CertificateManager::Certificate'
        return self.outside['certificate'] if certificate else PLACEHOLDER

    def has(self, name, attribute=None):
        kind = self.types.get(name)
        return kind is None or kind in self.known and (kind, attribute) not in UNKNOWN_ATTRIBUTES

    def sub(self, text):
        def part(match):
            name, _, attribute = match.group(1).partition('.')
            # Of a dotted attribute moto reads the first part only.
            plain = '.' not in attribute and self.has(name, attribute or None)
            return match.group(0) if plain else PLACEHOLDER
        return re.sub(r'\$\{([^!}][^}]*)\}', part, text)

    def value(self, node):
        if isinstance(node, list):
            return [self.value(item) for item in node]
        if isinstance(node, str) and '{{resolve:' in node:
            return re.sub(r'\{\{resolve:[^{}]*\}\}', PLACEHOLDER, node)
        if not isinstance(node, dict):
            return node
        if set(node) == {'Ref'} and not self.has(node['Ref']):
            return self.stand_in(node['Ref'])
        if set(node) == {'Fn::GetAtt'} and not self.has(*node['Fn::GetAtt']):
            return PLACEHOLDER
        if set(node) == {'Fn::Sub'} and isinstance(node['Fn::Sub'], str):
            text = re.sub(r'\{\{resolve:[^}]*\}?[^}]*\}\}', PLACEHOLDER, node['Fn::Sub'])
            text = self.sub(text)
            return {'Fn::Sub': text} if '${' in text else text
        return {key: self.outside['zone'] if is_zone(key, item) else self.value(item)
                for key, item in node.items()}


def is_zone(key, value):
    return key == 'HostedZoneId' and isinstance(value, str) and value != 'Z2FDTNDATAQYW2'


def repair(kind, properties, outside):
    """What moto wants although CloudFormation does not."""
    if kind == 'AWS::EC2::SecurityGroup':
        groups = iter(outside['groups'])
        for rule in properties.get('SecurityGroupIngress', []):
            if rule['IpProtocol'] == '-1':
                rule.update(FromPort=-1, ToPort=-1)
            if isinstance(rule.get('SourceSecurityGroupId'), str):
                rule['SourceSecurityGroupId'] = next(groups)
    if kind == 'AWS::RDS::DBSubnetGroup' and all(isinstance(s, str) for s in properties['SubnetIds']):
        properties['SubnetIds'] = outside['subnets']
    if kind == 'AWS::RDS::DBInstance':
        # Only a name is understood, not a Ref.
        properties.pop('DBParameterGroupName', None)
    if kind == 'AWS::Route53::RecordSet' and properties.pop('HostedZoneName', None):
        properties['HostedZoneId'] = outside['zone']


def reduced(template, known, outside):
    reducer = Reducer(template, known, outside)
    out = {key: value for key, value in template.items() if key not in ('Resources', 'Outputs')}
    out['Resources'] = {}
    for name, resource in template['Resources'].items():
        if resource['Type'] not in known:
            continue
        resource = reducer.value(resource)
        repair(resource['Type'], resource.get('Properties', {}), outside)
        depends = resource.pop('DependsOn', [])
        depends = [d for d in ([depends] if isinstance(depends, str) else depends) if reducer.has(d)]
        if depends:
            resource['DependsOn'] = depends
        out['Resources'][name] = resource
    outputs = reducer.value(template.get('Outputs', {}))
    if outputs:
        out['Outputs'] = outputs
    return out


def archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w') as packed:
        packed.writestr('index.js', 'exports.handler = async () => 1')
    return data.getvalue()


def parameters(template):
    return [{'ParameterKey': name, 'ParameterValue': 'assets' if name.endswith('Bucket') else 'code.zip'}
            for name, parameter in template.get('Parameters', {}).items() if 'Default' not in parameter]


def create(endpoint, path, known, outside):
    with open(path, encoding='utf-8') as file:
        template = json.load(file)
    part = reduced(template, known, outside)
    if not part['Resources']:
        return '0 created, %d unknown to moto' % len(template['Resources'])
    client = boto3.client('cloudformation', endpoint_url=endpoint, region_name='us-east-1')
    name = 'judged'
    client.create_stack(
        StackName=name, TemplateBody=json.dumps(part), Parameters=parameters(part),
        Capabilities=['CAPABILITY_NAMED_IAM'])
    stack = client.describe_stacks(StackName=name)['Stacks'][0]
    if stack['StackStatus'] != 'CREATE_COMPLETE':
        raise ValueError(stack['StackStatus'] + ' ' + stack.get('StackStatusReason', ''))
    made = client.list_stack_resources(StackName=name)['StackResourceSummaries']
    if len(made) != len(part['Resources']):
        raise ValueError('%d of %d resources were created' % (len(made), len(part['Resources'])))
    return '%d created, %d unknown to moto' % (len(made), len(template['Resources']) - len(made))


def prepared(endpoint):
    """A fresh moto with what templates expect to be there already."""
    request = urllib.request.Request(endpoint + '/moto-api/reset', method='POST')
    urllib.request.urlopen(request).read()

    def client(service):
        return boto3.client(service, endpoint_url=endpoint, region_name='us-east-1')
    client('s3').create_bucket(Bucket='assets')
    client('s3').put_object(Bucket='assets', Key='code.zip', Body=archive())
    client('iam').create_role(RoleName='there', AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')
    zone = client('route53').create_hosted_zone(Name='alternun.co', CallerReference='1')
    certificate = client('acm').request_certificate(DomainName='alternun.co')
    subnets = client('ec2').describe_subnets()['Subnets']
    groups = [client('ec2').create_security_group(GroupName=name, Description=name) for name in ('a', 'b')]
    return {'zone': zone['HostedZone']['Id'].split('/')[-1], 'certificate': certificate['CertificateArn'],
            'subnets': [subnet['SubnetId'] for subnet in subnets], 'groups': [group['GroupId'] for group in groups]}


def main():
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    endpoint = 'http://%s:%d' % server.get_host_and_port()
    failed = False
    known = set(get_model_map())
    for path in sys.argv[1:]:
        try:
            print(f'{path}|ok|{create(endpoint, path, known, prepared(endpoint))}')
        except (BotoCoreError, ResponseParserError, ClientError, ValueError) as error:
            failed = True
            print(f'{path}|FAIL|{str(error)[:500]}')
    server.stop()
    return 1 if failed else 0


sys.exit(main())

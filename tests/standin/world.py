"""Everything the stand-in knows: accounts and their credentials, and what each region holds."""

import random
import threading
from dataclasses import dataclass, field

from clock import Clock, Scheduler
from faults import Cues
from requestlog import RequestLog

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"


@dataclass
class Credential:
    """A pair of keys, whom they belong to, and until when they are good (wall time)."""

    access_key: str
    secret: str
    account: str
    arn: str
    user_id: str
    token: str | None = None
    expires: float | None = None
    expired: bool = False


@dataclass
class Region:
    """What one account has in one region; services put their state here."""

    account: str
    name: str
    stacks: dict = field(default_factory=dict)        # by id, also deleted ones
    names: dict = field(default_factory=dict)         # name of a stack that is not deleted -> id
    change_sets: dict = field(default_factory=dict)   # by id
    tokens: dict = field(default_factory=dict)        # (action, token) -> (fingerprint, result)
    refactors: dict = field(default_factory=dict)
    detections: dict = field(default_factory=dict)

    @property
    def partition(self):
        for start, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"),
                                 ("eusc-", "aws-eusc"), ("us-iso-", "aws-iso"),
                                 ("us-isob-", "aws-iso-b")):
            if self.name.startswith(start):
                return partition
        return "aws"

    def arn(self, service, rest, global_=False):
        region = "" if global_ else self.name
        return f"arn:{self.partition}:{service}:{region}:{self.account}:{rest}"


class World:
    """All state. Whoever touches it holds `lock`."""

    def __init__(self, speed=1.0):
        self.lock = threading.RLock()
        self.speed = speed
        self.reset()

    def reset(self):
        """As at the start: empty, with two accounts."""
        self.clock = Clock(self.speed)
        self.scheduler = Scheduler(self.clock)
        self.random = random.Random(1)
        self.cues = Cues()
        self.log = RequestLog()
        self.crashes = []       # tracebacks of mistakes of the stand-in itself
        self.regions = {}
        self.buckets = {}
        self.distributions = {}
        self.resource_rules = []
        self.change_set_rules = []
        self.type_facts = {}
        self.identity = {"ssoToken": "standin-sso-token", "ssoRefreshToken": "standin-refresh",
                         "containerToken": None, "imds": "v2", "imdsToken": "standin-imds-token",
                         "sessionSeconds": 3600, "externalId": None, "mfaCode": None}
        self.timing = {"changeSet": 2.0, "resource": 3.0, "drift": 2.0, "invalidation": 30.0}
        self.s3 = {"redirect": "301", "minPart": 5 * 1024 * 1024,
                   "checkCode": True}
        self.limits = {"stacks": 2000, "changeSets": 1000}
        self.credentials = {}
        self.add_credential("AKIASTANDIN000000001", "standin-secret", ACCOUNT)
        self.add_credential("AKIASTANDIN000000002", "standin-other-secret", OTHER_ACCOUNT)

    def add_credential(self, access_key, secret, account, arn=None, token=None, expires=None):
        arn = arn or f"arn:aws:iam::{account}:user/deployer"
        user_id = "AIDA" + access_key[4:] if token is None else "AROASTANDIN:session"
        self.credentials[access_key] = Credential(access_key, secret, account, arn, user_id, token,
                                                  expires)
        return self.credentials[access_key]

    def new_session(self, account, arn, seconds=None):
        """Temporary keys; good for `sessionSeconds` of wall time."""
        lifetime = self.identity["sessionSeconds"] if seconds is None else seconds
        key = "ASIA" + self.letters(16)
        return self.add_credential(key, "session-secret-" + self.letters(24), account, arn,
                                   "session-token/+=" + self.letters(40),
                                   self.clock.wall() + lifetime)

    def region(self, account, name):
        found = self.regions.get((account, name))
        if found is None:
            found = self.regions[(account, name)] = Region(account, name)
        return found

    def now(self):
        return self.scheduler.time

    def settle(self, counts=True):
        """Brings the world up to date; a request to a service `counts` for clocks that move with
        requests."""
        clock = self.clock
        if counts and clock.mode == "request":
            clock.advance(clock.step)
        elif counts and clock.mode == "event":
            at = self.scheduler.next_time()
            if at is not None:
                clock.advance_to(at)
        self.scheduler.run()

    def uuid(self):
        text = f"{self.random.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def letters(self, count):
        return "".join(self.random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(count))

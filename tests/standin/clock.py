"""Time in the stand-in: a clock that tests control, and processes that live on it.

Two times exist. Simulated time is what stacks live on: it can stand still, run faster than real
time, or move with each request. Wall time judges signatures and fills `Date`, as clients sign with
the real time; tests put it wrong by `skew`.
"""

import heapq
import time


class Clock:
    """Modes: "real" (`speed` simulated seconds a second), "frozen" (moves by `advance` only),
    "request" (each request to a service moves it by `step` seconds), "event" (each request moves
    it to the next thing that happens)."""

    MODES = ("real", "frozen", "request", "event")

    def __init__(self, speed=1.0):
        self.mode = "real"
        self.speed = speed
        self.step = 1.0
        self.skew = 0.0
        self.sign = "real"
        self._start = time.time()
        self._mark = time.monotonic()

    def now(self):
        """Simulated time, in seconds since 1970."""
        if self.mode != "real":
            return self._start
        return self._start + (time.monotonic() - self._mark) * self.speed

    def wall(self):
        """The time that the services believe in when they look at a signature."""
        return (self.now() if self.sign == "simulated" else time.time()) + self.skew

    def _restart(self, at):
        self._start = at
        self._mark = time.monotonic()

    def advance(self, seconds):
        self._restart(self.now() + seconds)

    def advance_to(self, at):
        if at > self.now():
            self._restart(at)

    def configure(self, settings):
        """Takes mode, speed, step, skew, sign and now; raises ValueError for anything else."""
        for key, value in settings.items():
            if key == "mode":
                if value not in self.MODES:
                    raise ValueError("mode must be one of: " + ", ".join(self.MODES))
            elif key == "sign":
                if value not in ("real", "simulated"):
                    raise ValueError("sign must be real or simulated")
            elif key not in ("speed", "step", "skew", "now"):
                raise ValueError("the clock has no " + key)
        at = float(settings.get("now", self.now()))
        for key, value in settings.items():
            if key in ("speed", "step", "skew"):
                value = float(value)
            if key != "now":
                setattr(self, key, value)
        self._restart(at)

    def state(self):
        return {"mode": self.mode, "speed": self.speed, "step": self.step, "skew": self.skew,
                "sign": self.sign, "now": self.now(), "wall": self.wall()}


class Process:
    """A generator that lives on simulated time. It yields seconds to sleep, or a list of processes
    to wait for until all of them have ended."""

    __slots__ = ("generator", "ended", "_waiting_for", "_waiters")

    def __init__(self, generator):
        self.generator = generator
        self.ended = False
        self._waiting_for = 0
        self._waiters = []


class Scheduler:
    """Runs processes in the order of their times; those of one time in the order they came."""

    def __init__(self, clock):
        self.clock = clock
        self.time = clock.now()
        self._heap = []
        self._count = 0

    def spawn(self, generator, delay=0.0):
        process = Process(generator)
        self._push(process, self.time + delay)
        return process

    def cancel(self, process):
        """Ends a process where it stands; those who wait for it go on."""
        if process and not process.ended:
            process.generator.close()
            self._end(process)

    def next_time(self):
        """When the next process wakes, or None."""
        while self._heap and self._heap[0][2].ended:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run(self):
        """Brings everything up to the clock's time."""
        limit = self.clock.now()
        while (at := self.next_time()) is not None and at <= limit:
            process = heapq.heappop(self._heap)[2]
            self.time = max(self.time, at)
            self._resume(process)
        self.time = max(self.time, limit)

    def _push(self, process, at):
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, process))

    def _end(self, process):
        process.ended = True
        for waiter in process._waiters:
            waiter._waiting_for -= 1
            if waiter._waiting_for == 0 and not waiter.ended:
                self._push(waiter, self.time)

    def _resume(self, process):
        try:
            wish = next(process.generator)
        except StopIteration:
            self._end(process)
            return
        if isinstance(wish, (int, float)):
            self._push(process, self.time + wish)
            return
        open_ones = [other for other in wish if not other.ended]
        process._waiting_for = len(open_ones)
        for other in open_ones:
            other._waiters.append(process)
        if not open_ones:
            self._push(process, self.time)

"""The view in a real terminal: tmux draws, and its screen is read."""

import os
import shlex
import shutil
import subprocess
import time
import unittest

import stage

PROGRAM = stage.PROGRAM + "".join(
    f'resource Queue{number}: AWS::SQS::Queue {{ QueueName: "shop-{number}" }}\n'
    for number in range(30))


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class View(stage.Stage):
    program = PROGRAM

    def setUp(self):
        super().setUp()
        self.socket = os.path.join(self.folder, "tmux")
        self.addCleanup(self.tmux, "kill-server")
        self.control("timing", {"resource": 20})

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-S", self.socket, *words], env={
            **self.environment(), "TERM": "xterm-256color"}, text=True, capture_output=True,
            check=False)
        return done.stdout

    def run_in_terminal(self, command, columns=80, rows=20):
        # A shell that traps an interrupt lives on to print the code; dash would go with its child.
        script = f"trap : INT; {command}; echo code $?; sleep 60"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "-c", self.folder, f"exec sh -c {shlex.quote(script)}")

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait_for(self, text, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            screen = self.screen()
            if text in screen:
                return screen
            time.sleep(0.05)
        self.fail(f"no '{text}' in:\n{self.screen()}")

    def cursor_is_shown(self):
        return self.tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    def test_a_deployment_that_fails(self):
        self.control("clock", {"mode": "real", "speed": 10})
        self.control("resources", {"id": "Queue7", "on": "create", "fail": "the queue is not liked",
                                   "seconds": 12, "handlerErrorCode": "InvalidRequest"})
        self.run_in_terminal(f"{shlex.quote(stage.ALTC)} deploy --yes --poll 100")
        screen = self.wait_for("creating")
        self.assertIn("shop-dev (eu-west-1)", screen)
        self.assertIn(" at work", screen)
        self.assertRegex(screen, r"and \d+ more")  # 32 do not fit into 20 lines
        self.assertFalse(self.cursor_is_shown())
        screen = self.wait_for("code 15")
        self.assertTrue(self.cursor_is_shown())
        self.assertIn("error: 'Queue7' could not be created: the queue is not liked", screen)
        # Nothing of the moving part is left.
        self.assertNotIn("at work", screen)
        self.assertNotIn("more done", screen)

    def test_a_terminal_that_gets_smaller(self):
        self.control("clock", {"mode": "real", "speed": 4})
        self.run_in_terminal(f"{shlex.quote(stage.ALTC)} deploy --yes --poll 100")
        self.wait_for("creating")
        self.tmux("resize-window", "-x", "40", "-y", "10")
        time.sleep(1.2)
        screen = self.screen()
        self.assertEqual(screen.count("shop-dev (eu-west-1)"), 1, screen)
        self.assertLessEqual(max(map(len, screen.splitlines())), 40)
        self.wait_for("code 0")
        self.assertTrue(self.cursor_is_shown())

    def test_an_interrupt_gives_the_terminal_back(self):
        self.control("clock", {"mode": "real", "speed": 1})
        self.run_in_terminal(f"{shlex.quote(stage.ALTC)} deploy --yes --poll 100")
        self.wait_for("creating")
        self.tmux("send-keys", "C-c")
        screen = self.wait_for("code 17")
        self.assertIn("altc watch", screen)
        self.assertTrue(self.cursor_is_shown())

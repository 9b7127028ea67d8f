"""Runs a program in a terminal of its own and answers when it asks:

    terminal.py EXPECTED ANSWER PROGRAM [ARGUMENT…]

Once EXPECTED stands on the screen, ANSWER is typed; ^C and ^D stand for these keys. Prints the
screen; the exit code is the program's. One that then says nothing for five seconds is killed.
"""

import os
import pty
import select
import signal
import sys
import time

expected, answer, words = sys.argv[1], sys.argv[2], sys.argv[3:]
keys = answer.replace("^C", "\x03").replace("^D", "\x04").replace("\\n", "\n")
child, terminal = pty.fork()
if child == 0:
    os.execvp(words[0], words)
screen = b""
typed = False
end = time.monotonic() + 30
while time.monotonic() < end:
    if not select.select([terminal], [], [], 0.1)[0]:
        continue
    try:
        block = os.read(terminal, 65536)
    except OSError:
        break
    if not block:
        break
    screen += block
    if typed:
        end = time.monotonic() + 5
    if not typed and expected.encode() in screen:
        os.write(terminal, keys.encode())
        typed = True
else:
    os.kill(child, signal.SIGKILL)
status = os.waitpid(child, 0)[1]
sys.stdout.write(screen.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(status) % 256)

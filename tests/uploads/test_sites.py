"""Sites: what is uploaded, with which headers, in which order, and what is left alone."""

import os
import time

from project import CANCELLED, FILES, HEAD, REFUSED, SITE, ProjectCase

STATE = ".altc/main.Files"
FRESH = "max-age=0,no-cache"
LONG = "max-age=31536000,public,immutable"


class SiteCase(ProjectCase):
    program = SITE

    def setUp(self):
        super().setUp()
        self.post("buckets", {"name": "web"})
        self.post("distributions", {"id": "EDIST1"})
        self.write("web/index.html", "<script src=app.1.js>")
        self.write("web/app.1.js", "1")
        self.write("web/img/a b+c%d é.png", "png")

    def sync(self, expect=0, jobs=1, **environment):
        """One at a time, so that the order can be told."""
        return self.run_driver("sites", "--ref", "Bucket=web", "--jobs", str(jobs), expect=expect,
                               **environment)

    def keys(self):
        return sorted(key for key in self.objects("web") if key != STATE)

    def written(self):
        """The changes since the log was last cleared, in their order."""
        names = {"PutObject": "put", "DeleteObjects": "delete", "CreateInvalidation": "forget"}
        found = [(names[one["action"]], one["params"].get("Key", ""))
                 for one in self.log() if one["action"] in names]
        self.server.control("DELETE", "log")
        return found

    def invalidations(self):
        return self.get("distributions")["EDIST1"]["invalidations"]


class TestSync(SiteCase):
    def test_files_first_pages_last(self):
        self.sync()
        self.assertEqual(self.written(), [
            ("put", STATE), ("put", "app.1.js"), ("put", "img/a b+c%d é.png"),
            ("put", "index.html"), ("forget", ""), ("put", STATE)])
        self.assertEqual(self.keys(), ["app.1.js", "img/a b+c%d é.png", "index.html"])
        self.assertEqual(self.invalidations()[0]["paths"], ["/*"])

    def test_many_at_once(self):
        for i in range(200):
            self.write(f"web/js/{i}.js", str(i))
            self.write(f"web/page/{i}.html", str(i))
        self.sync(jobs=16)
        puts = [key for what, key in self.written() if what == "put"]
        self.assertEqual((puts[0], puts[-1], len(puts)), (STATE, STATE, 405))
        pages = [key.endswith(".html") for key in puts[1:-1]]
        self.assertEqual(pages, sorted(pages))
        self.assertIn("up to date: 403 files", self.sync().out)

    def test_headers(self):
        self.write("web/notes", "x")
        self.sync()
        found = {key: (one["headers"].get("content-type"), one["headers"].get("cache-control"))
                 for key, one in self.objects("web").items()}
        self.assertEqual(found, {
            "app.1.js": ("text/javascript;charset=utf-8", LONG),
            "img/a b+c%d é.png": ("image/png", LONG),
            "index.html": ("text/html;charset=utf-8", FRESH),
            "notes": ("application/octet-stream", LONG),
            STATE: ("text/plain;charset=utf-8", "no-store")})

    def test_nothing_changed_nothing_written(self):
        self.sync()
        self.calls()
        run = self.sync()
        self.assertEqual(self.calls(), {"ListObjectsV2": 1, "GetObject": 1})
        self.assertIn("up to date: 3 files", run.out)

    def test_only_what_changed_is_uploaded_and_what_is_gone_removed_last(self):
        self.sync()
        self.written()
        os.remove(self.path("web/app.1.js"))
        self.write("web/app.2.js", "2")
        self.write("web/index.html", "<script src=app.2.js>")
        self.sync()
        self.assertEqual(self.written(), [
            ("put", STATE), ("put", "app.2.js"), ("put", "index.html"), ("forget", ""),
            ("delete", ""), ("put", STATE)])
        self.assertEqual(self.keys(), ["app.2.js", "img/a b+c%d é.png", "index.html"])

    def test_back_to_what_it_was_is_a_change_as_well(self):
        self.sync()
        for text in ("2", "1", "2"):
            self.write("web/app.1.js", text)
            self.sync()
        references = {one["reference"] for one in self.invalidations()}
        self.assertEqual(len(references), 4)

    def test_headers_alone_are_a_change(self):
        self.sync()
        self.written()
        self.compile(SITE.replace(FRESH, "no-store"))
        self.sync()
        self.assertEqual([key for what, key in self.written() if what == "put"],
                         [STATE, "index.html", STATE])

    def test_what_others_put_there_stays(self):
        self.post("buckets", {"name": "web", "objects": {"theirs.txt": "x", "a//b": "y"}})
        self.sync()
        os.remove(self.path("web/app.1.js"))
        self.sync()
        self.assertEqual(self.keys(),
                         ["a//b", "img/a b+c%d é.png", "index.html", "theirs.txt"])

    def test_what_others_changed_or_removed_is_put_right(self):
        self.sync()
        state = self.objects("web")
        self.post("buckets", {"name": "web", "objects": {"app.1.js": "9"}})
        self.assertNotIn(STATE, self.objects("web"))
        self.sync()
        self.assertEqual({key: one["etag"] for key, one in self.objects("web").items()
                          if key != STATE},
                         {key: one["etag"] for key, one in state.items() if key != STATE})

    def test_without_purge_old_files_stay_and_are_still_known(self):
        self.compile(SITE.replace("Purge: true", "Purge: false"))
        self.sync()
        os.remove(self.path("web/app.1.js"))
        self.write("web/b.js", "b")
        self.sync()
        self.assertIn("app.1.js", self.keys())
        self.compile(SITE)
        self.sync()
        self.assertNotIn("app.1.js", self.keys())

    def test_a_path_in_the_bucket(self):
        self.compile(SITE.replace('Source: "web"', 'Source: "web", Path: "/docs/"'))
        self.post("buckets", {"name": "web", "objects": {"app.1.js": "theirs"}})
        self.sync()
        self.assertEqual(self.keys(), ["app.1.js", "docs/app.1.js", "docs/img/a b+c%d é.png",
                                       "docs/index.html"])

    def test_encodings_and_types_that_are_given(self):
        self.compile(SITE.replace('Source: "web"', 'Source: "web", TextEncoding: "none"').replace(
            f'CacheControl: "{FRESH}"', 'CacheControl: "no-cache", ContentType: "text/x"'))
        self.sync()
        found = {key: one["headers"]["content-type"] for key, one in self.objects("web").items()}
        self.assertEqual((found["app.1.js"], found["index.html"]), ("text/javascript", "text/x"))

    def test_links(self):
        os.symlink("../index.html", self.path("web/img/copy.html"))
        os.symlink("img", self.path("web/pictures"))
        self.sync()
        self.assertIn("pictures/a b+c%d é.png", self.keys())
        self.assertIn("img/copy.html", self.keys())
        os.symlink("..", self.path("web/img/up"))
        self.assertIn("leads back", self.sync(expect=FILES).out)
        os.remove(self.path("web/img/up"))
        os.symlink("/etc/passwd", self.path("web/passwd"))
        self.assertIn("leads out of the folder", self.sync(expect=FILES).out)

    def test_long_lists(self):
        self.sync()
        self.post("cues", {"fault": "page", "action": "ListObjectsV2", "size": 1, "times": 0})
        self.written()
        self.assertIn("up to date", self.sync().out)
        self.server.control("DELETE", "cues")
        self.cue("repeatToken", "ListObjectsV2", times=0)
        self.assertIn("same page of a list twice", self.sync(expect=REFUSED).out)

    def test_a_condition_that_does_not_hold(self):
        self.compile(HEAD + 'param Docs: String { Default: "no" }\n'
                     + SITE[len(HEAD):].replace("resource Files", 'if Docs == "yes" {\nresource Files')
                     + "}\n")
        self.sync()
        self.assertEqual(self.calls(), {})


class TestFaults(SiteCase):
    def test_a_page_that_cannot_be_uploaded_leaves_the_site_whole(self):
        self.sync()
        self.write("web/index.html", "<script src=app.2.js>")
        os.rename(self.path("web/app.1.js"), self.path("web/app.2.js"))
        self.written()
        self.cue("deny", "PutObject", params={"Key": "index.html"}, times=0)
        self.sync(expect=REFUSED)
        self.assertEqual(self.written()[-1], ("put", "index.html"))
        self.assertIn("app.1.js", self.keys())
        self.server.control("DELETE", "cues")
        self.sync()
        self.assertEqual(self.written(), [
            ("put", STATE), ("put", "app.2.js"), ("put", "index.html"), ("forget", ""),
            ("delete", ""), ("put", STATE)])

    def test_a_killed_run_is_finished_by_the_next(self):
        self.write("web/gone.js", "x")
        self.sync()
        os.remove(self.path("web/gone.js"))
        self.write("web/index.html", "new")
        self.written()
        self.cue("slow", "CreateInvalidation", seconds=30, times=0)
        process = self.start("sites", "--ref", "Bucket=web")
        for _ in range(500):
            if any(one["params"].get("Key") == "index.html" for one in self.log()):
                break
            time.sleep(0.02)
        time.sleep(0.1)
        process.kill()
        self.finish(process)
        self.server.control("DELETE", "cues")
        self.sync()
        self.assertEqual(self.keys(), ["app.1.js", "img/a b+c%d é.png", "index.html"])
        self.assertIn("up to date", self.sync().out)

    def references(self):
        return [one["reference"] for one in self.invalidations()]

    def test_a_change_that_was_not_ended_is_asked_for_once(self):
        self.write("web/large.bin", b"x" * 300000)
        self.cue("resetAfter", "CreateInvalidation", times=0)
        self.sync(expect=REFUSED)
        self.sync(expect=REFUSED)
        self.assertEqual(len(self.references()), 1)
        self.server.control("DELETE", "cues")
        self.sync()
        self.assertEqual(len(self.references()), 1)
        self.assertIn("up to date: 4 files", self.sync().out)

    def test_changes_that_were_not_ended_are_each_asked_for(self):
        self.cue("resetAfter", "CreateInvalidation", times=0)
        for text in ("1", "2", "1", "2"):
            self.write("web/app.1.js", text)
            self.sync(expect=REFUSED)
        self.assertEqual(len(set(self.references())), 4)

    def test_a_file_that_is_sent_is_known_next_time(self):
        self.write("web/app.1.js", "one")
        self.sync()
        self.write("web/app.1.js", "two")
        self.sync()
        self.written()
        self.assertIn("up to date", self.sync().out)
        self.write("web/app.1.js", "longer")
        self.sync()
        self.assertIn(("put", "app.1.js"), self.written())
        self.assertIn("up to date", self.sync().out)

    def test_too_many_invalidations_are_waited_for(self):
        self.cue("error", "CreateInvalidation", status=400, form="query", times=3,
                 code="TooManyInvalidationsInProgress", message="Processing your request")
        self.sync()
        self.assertEqual(self.calls()["CreateInvalidation"], 4)
        self.assertEqual(len(self.invalidations()), 1)

    def test_an_invalidation_that_was_not_answered_is_not_made_twice(self):
        self.cue("resetAfter", "CreateInvalidation")
        self.sync()
        self.assertEqual(len(self.invalidations()), 1)

    def test_a_distribution_that_is_gone(self):
        self.compile(SITE.replace("EDIST1", "EGONE"))
        self.assertIn("there is no distribution 'EGONE'", self.sync(expect=REFUSED).out)

    def test_a_throttled_look_is_no_news(self):
        self.cue("throttle", "GetInvalidation", times=4)
        self.sync()

    def test_who_may_not_look_has_still_done_it(self):
        self.cue("deny", "GetInvalidation", times=0)
        self.assertEqual(len(self.sync().lines("warning")), 1)

    def test_denied_lists_and_removals_name_the_permission(self):
        self.sync()
        os.remove(self.path("web/app.1.js"))
        for action, permission in (("DeleteObjects", "s3:DeleteObject"),
                                   ("ListObjectsV2", "s3:ListBucket"),
                                   ("CreateInvalidation", "cloudfront:CreateInvalidation")):
            with self.subTest(action):
                self.server.control("DELETE", "cues")
                self.cue("deny", action, times=0)
                self.assertIn(permission, self.sync(expect=REFUSED).out)

    def test_an_empty_folder_removes_nothing(self):
        self.sync()
        for folder, _, files in os.walk(self.path("web")):
            for name in files:
                os.remove(os.path.join(folder, name))
        self.assertIn("is empty", self.sync(expect=FILES).out)
        self.assertEqual(len(self.keys()), 3)


class TestBuild(SiteCase):
    def build(self, command, output="dist"):
        self.compile(SITE.replace(
            'Source: "web"', f'Source: "web"\n  Build: {{ Command: "{command}", Output: "{output}"'
            ', Environment: { NAME: "a b", WHERE: Bucket } }'))

    def test_a_build_sees_its_environment_and_its_output_is_uploaded(self):
        self.build("mkdir -p dist && echo building && echo $NAME $WHERE > dist/index.html")
        run = self.sync()
        self.assertEqual(run.lines("note"), ["building"])
        with open(self.path("web/dist/index.html")) as file:
            self.assertEqual(file.read(), "a b web\n")
        self.assertEqual(self.keys(), ["index.html"])

    def test_a_build_that_fails_changes_nothing(self):
        self.build("echo no >&2; exit 3")
        run = self.sync(expect=FILES)
        self.assertIn("failed with exit code 3", run.lines("problem")[0])
        self.assertEqual(run.lines("note"), ["no"])
        self.assertEqual(self.calls(), {})

    def test_a_build_that_writes_elsewhere(self):
        self.build("true", "dist")
        self.assertIn("build it first", self.sync(expect=FILES).out)

    def test_a_build_can_be_cancelled(self):
        self.build("trap 'echo stopped; exit 1' TERM; echo begun; while :; do sleep 0.1; done")
        process = self.start("sites", "--ref", "Bucket=web")
        line = ""
        while line != "note: begun\n":
            line = process.stdout.readline()
        process.terminate()
        run = self.finish(process)
        self.assertEqual((run.status, run.lines("note")[-1]), (CANCELLED, "stopped"))
        self.assertEqual(self.calls(), {})

"""scripts/build without the right to install: it names the one command that does, and changes nothing."""
import os
import shutil
import subprocess

from harness import run_tests


def drop_rights():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def test_missing_packages_without_root(suite):
    folder = suite.folder("checkout")
    os.chmod(suite.scratch, 0o755)
    os.makedirs(os.path.join(folder, "scripts"))
    os.makedirs(os.path.join(folder, "tools"))
    shutil.copy(os.path.join(suite.source, "scripts", "build"), os.path.join(folder, "scripts", "build"))
    with open(os.path.join(folder, "tools", "dpkg-query"), "w") as stream: # everything but one package is there
        stream.write('#!/bin/sh\ncase "$*" in *libyaml-dev*) exit 1;; *) printf installed;; esac\n')
    os.chmod(os.path.join(folder, "tools", "dpkg-query"), 0o755)
    before = sorted(os.walk(folder))
    done = subprocess.run(["bash", os.path.join(folder, "scripts", "build")], capture_output=True, cwd="/", preexec_fn=drop_rights,
                          env={"PATH": os.path.join(folder, "tools") + ":/usr/bin:/bin"})
    suite.equal("what to do", done.stderr.decode(),
                "hybridsim: packages are missing; run: sudo apt-get install libyaml-dev\n")
    suite.equal("exit status", done.returncode, 2)
    suite.equal("nothing made", sorted(os.walk(folder)), before)


run_tests(globals())

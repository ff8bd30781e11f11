"""The baseline's executed instruction counts must equal CPython's own, opcode by opcode (ground truth: --shared/truth)."""
import argparse
import json
import os
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    for option in ("--binary", "--python", "--source", "--shared"):
        parser.add_argument(option, required=True)
    args = parser.parse_args()
    args.binary = os.path.abspath(args.binary)
    folder = os.path.join(args.shared, "truth")
    if not os.path.isdir(folder):
        print("skipped: no ground truth at", folder)
        return 77
    passed = failed = 0
    for name in sorted(os.listdir(folder)):
        truth = json.load(open(os.path.join(folder, name)))
        script = name.replace(".json", ".py")
        report = os.path.join(os.environ.get("TMPDIR", "/tmp"), "hybridsim-truth-%d.json" % os.getpid())
        done = subprocess.run([args.binary, "run", "--quiet", "--scope", "script", "--report", report, script],
                              cwd=os.path.join(args.shared, "bench", "small"), capture_output=True)
        if done.returncode:
            print(script, "exit status", done.returncode, done.stderr.decode()[-300:])
            failed += 1
            continue
        run = json.load(open(report))["runs"][0]
        os.unlink(report)
        got = run["by_file"][script]["by_instruction"]
        want = {}
        for code in truth["by_code"]:
            if code["file"] == script:
                for opcode, count in code["opcodes"].items():
                    want[opcode] = want.get(opcode, 0) + count
        wrong = sorted(k for k in set(got) | set(want) if got.get(k, 0) != want.get(k, 0))
        if wrong:
            failed += 1
            print(script + ":", ", ".join("%s %d, CPython %d" % (k, got.get(k, 0), want.get(k, 0)) for k in wrong[:8]))
        else:
            passed += 1
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


sys.exit(main())

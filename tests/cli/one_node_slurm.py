"""A Slurm cluster of one node, on loopback, that lives in a folder and ends with the test: munged, slurmctld and slurmd."""
import os
import pwd
import shutil
import socket
import subprocess
import time

from harness import Skip

CONFIGURATION = """
ClusterName=hybridsim
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
ReturnToService=2
CompleteWait=0
EpilogMsgTime=0
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


class OneNodeSlurm:
    """`with OneNodeSlurm(folder) as environment:` sbatch and squeue talk to it with that environment."""

    def __init__(self, folder):
        # sbin is not on every PATH
        path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
        self.programs = {name: shutil.which(name, path=path) for name in ("munged", "slurmctld", "slurmd", "sbatch", "squeue")}
        missing = [name for name, found in self.programs.items() if not found]
        if missing:
            raise Skip("not installed: %s" % ", ".join(missing))
        self.folder = folder
        self.environment = dict(os.environ, SLURM_CONF=os.path.join(folder, "slurm.conf"), PATH=path)
        self.daemons = []

    def start(self, name, *options):
        with open(os.path.join(self.folder, name + ".log"), "w") as log:
            self.daemons.append(subprocess.Popen([self.programs[name], *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                 env=self.environment, start_new_session=True))

    def call(self, *words):
        return subprocess.run(words, capture_output=True, text=True, env=self.environment, timeout=20)

    def wait(self, what, ready):
        deadline = time.monotonic() + 20
        while not ready():
            if time.monotonic() > deadline:
                logs = "".join(open(os.path.join(self.folder, name)).read()[-600:] for name in sorted(os.listdir(self.folder))
                               if name.endswith(".log"))
                raise RuntimeError("%s: %s" % (what, logs))
            time.sleep(0.05)

    def __enter__(self):
        host = socket.gethostname().split(".")[0]
        for name in ("state", "spool"):
            os.mkdir(os.path.join(self.folder, name))
        with open(self.environment["SLURM_CONF"], "w") as stream:
            stream.write(CONFIGURATION.format(host=host, ports=free_ports(2), folder=self.folder,
                                              user=pwd.getpwuid(os.getuid()).pw_name))
        key = os.path.join(self.folder, "munge.key")
        with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as stream:
            stream.write(os.urandom(1024))
        try:
            place = os.path.join(self.folder, "munge")
            self.start("munged", "--foreground", "--force", "--key-file=" + key, "--socket=%s.socket" % place,
                       "--pid-file=%s.pid" % place, "--seed-file=%s.seed" % place)
            self.wait("munged", lambda: os.path.exists(place + ".socket"))
            self.start("slurmctld", "-D", "-c")
            self.start("slurmd", "-D", "-c", "-N", host)
            self.wait("no node is idle", lambda: self.call("sinfo", "-h", "-o", "%T").stdout.startswith("idle"))
        except BaseException:
            self.__exit__()
            raise
        return self.environment

    def __exit__(self, *_):
        if len(self.daemons) == 3:
            self.call("scancel", "--full", "--user", str(os.getuid()))
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=5)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

"""The words of the generated stream: what can befall which system, as monitoring says it and as people say it.

Slots: `{p}` a product, `{o}` a part of it, `{h}` a host, `{s}` a service, `{n}` a number, `{u}` a person, `{m}` a mount.
"""

SYSTEMS = {
    "MariaDB": ("binlog", "buffer pool", "slow log"),
    "Vault": ("seal", "lease store", "audit device"),
    "Consul": ("raft leader", "gossip ring", "session table"),
    "HAProxy": ("frontend", "backend", "stick table"),
    "Varnish": ("cache store", "worker pool", "ban list"),
    "GitLab": ("runner", "sidekiq queue", "registry"),
    "OpenSearch": ("shard", "index", "ingest node"),
    "InfluxDB": ("shard group", "retention job", "write ahead log"),
    "Graylog": ("journal", "input", "stream processor"),
    "RabbitMQ": ("queue mirror", "channel", "exchange"),
    "ActiveMQ": ("broker", "topic store", "dead letter queue"),
    "Harbor": ("job service", "scanner", "replication task"),
    "ArgoCD": ("application sync", "repo server", "controller"),
    "Calico": ("felix agent", "route reflector", "ip pool"),
    "CoreFile": ("resolver", "zone transfer", "forwarder"),
    "Squid": ("disk cache", "parent proxy", "client pool"),
    "Samba": ("share", "domain join", "print spooler"),
    "Exim": ("mail queue", "relay", "spam filter"),
    "NetApp": ("aggregate", "snapmirror", "lun"),
    "Brocade": ("fabric", "trunk", "zone set"),
    "Veeam": ("backup job", "proxy", "repository"),
    "Bacula": ("storage daemon", "catalog", "tape drive"),
    "Chrony": ("time source", "drift file", "peer"),
    "Libvirt": ("domain", "storage pool", "migration"),
    "Gluster": ("brick", "heal daemon", "volume"),
    "Longhorn": ("replica", "engine", "instance manager"),
    "Linkerd": ("proxy", "identity service", "tap"),
    "Flink": ("checkpoint", "task manager", "job graph"),
    "Airflow": ("scheduler", "executor", "dag import"),
    "Patroni": ("leader", "standby", "timeline"),
    "PgBouncer": ("client pool", "server pool", "login"),
    "Icinga": ("satellite", "check queue", "cluster zone"),
    "FreeIPA": ("replica agreement", "kerberos ticket", "ldap bind"),
    "Jitsi": ("bridge", "recorder", "conference"),
    "Nextcloud": ("file lock", "cron", "preview generator"),
}
"""Products and their parts."""

ALERTS = (
    ("{p} {o} down", "{p} {o} is not running on {h}"),
    ("{p} {o} flapping", "The {o} of {p} went away and came back {n} times in ten minutes."),
    ("{p} {o} high latency", "{p} {o} needs {n} ms on average, which is more than users accept."),
    ("{p} {o} errors", "{n} errors a second in the {o} of {p} {s}"),
    ("{p} {o} error ratio high", "More than {n}% of the operations in {o} fail."),
    ("{p} {o} too old", "The newest {o} was made {n} hours ago."),
    ("{p} {o} failed", "Making a {o} failed on {h}, see its log."),
    ("{p} {o} almost full", "{o} of {s} is at {n}% of what it may take"),
    ("{p} {o} full", "There is no room left in the {o}; writes are refused."),
    ("{p} {o} memory high", "{o} uses {n} MB, close to its limit."),
    ("{p} {o} cpu high", "{o} keeps {n} cores busy."),
    ("{p} {o} read failures", "Reading from {o} fails for {s}"),
    ("{p} {o} write failures", "Writing to {o} fails for {s}"),
    (
        "{p} {o} inbound traffic low",
        "Hardly anything reaches the {o} any more, {n} packets in an hour.",
    ),
    (
        "{p} {o} outbound traffic low",
        "Hardly anything leaves the {o} any more, {n} packets in an hour.",
    ),
    ("{p} {o} certificate expiring", "The certificate of {o} ends in {n} days."),
    ("{p} {o} certificate expired", "The certificate of {o} has ended, clients turn away."),
    ("{p} {o} restarted", "{o} started {n} seconds ago, nobody had planned it."),
    ("{p} {o} out of sync", "{o} on {h} has fallen {n} records behind the others"),
    ("{p} {o} quorum lost", "Too few members of {o} see each other, changes are stopped."),
    (
        "{p} {o} configuration rejected",
        "A new configuration of {o} was not taken: {s} runs on the former one.",
    ),
    ("{p} {o} slow", "{o} is slow to answer {s}, {n} requests wait."),
    ("{p} {o} very slow", "{o} is far too slow to answer {s}, {n} requests wait."),
    ("{p} {o} pending tasks", "Tasks pile up in {o} - {s}"),
    ("{p} {o} blocked tasks", "Some tasks of {o} are blocked"),
    ("{p} {o} login rejected", "Somebody was rejected {n} times by {o}"),
    ("{p} {o} no leader", "{o} in {s} has been without a leader for {n} minutes."),
    ("{p} {o} queue growing", "Jobs come faster than {o} takes them, {n} wait."),
)
"""Rules of monitoring: a title and its explanation."""

KITS = ("(starter kit)", "(community)", "(labs)", "(classic)")
"""Two rule sets that say the same of one product; they are two patterns, and must not meet."""

PEOPLE = {
    "mailbox full": (
        ("mailbox of {u} is full", "outlook says no space left, cannot send"),
        ("mail quota reached", "{u} gets a bounce: quota exceeded"),
        ("I can't send mails any more", "the box is over its limit, please raise it for {u}"),
        "postmaster: mailbox {u}@example.org over quota ({n} MB)",
        "dovecot {h}: quota: mailbox of {u} has {n}% in use",
    ),
    "printer jam": (
        ("printer on floor {n} does not print", "paper jam light is on"),
        ("print jobs stay in the queue", "printer {h} says jammed"),
        ("nothing comes out of the printer", "{u} opened all the flaps, still stuck"),
        "SNMP trap prtAlert {h} paper jam tray {n}",
    ),
    "fan failed": (
        ("loud fan in {h}", "one fan stands still, the others are racing"),
        ("fan broken, server {h}", "please replace fan {n}"),
        ("ventilator dead", "amber light on {h}, it blows hot air"),
        "IPMI {h}: Fan {n} Lower Non-recoverable going low",
        "iLO {h}: system fan {n} has failed",
    ),
    "memory module": (
        ("memory module broken on {h}", "DIMM {n} reports errors that could be corrected"),
        ("ECC errors {h}", "count grows since last night, swap the DIMM"),
        ("{h} lost memory after boot", "{n} GB are missing"),
        "mcelog {h}: corrected DIMM memory error count exceeded threshold: {n}",
        "EDAC {h}: {n} CE on DIMM_A{n}",
    ),
    "share unreachable": (
        ("network drive gone", "drive letter is grey for {u}"),
        ("cannot open the share {s}", "explorer hangs when I click on it"),
        ("stale file handle on {h}", "mount of {m} does not answer"),
        "kernel {h}: nfs: server {h} not responding, still trying",
        "EVENT: critical:{h} mount {m} is stale",
    ),
    "clock": (
        ("clock of {h} is wrong", "it runs {n} minutes ahead"),
        ("time differs on {h}", "logins fail because of the skew"),
        ("wrong time", "{s} stamps its mails with tomorrow"),
        "chronyd {h}: System clock wrong by {n} seconds",
        "NTP CRITICAL: Offset {n} secs ({h})",
    ),
    "license": (
        ("license of {s} runs out", "{n} days left, please order"),
        ("{s} says license invalid", "nobody can start it since today"),
        ("no more seats for {s}", "{u} is told that all seats are taken"),
        "lmgrd {h}: {s} license checkout denied, {n} in use",
    ),
    "wifi": (
        ("no wireless in meeting room {n}", "laptops see the network but get no address"),
        ("wlan very weak", "one bar only next to {h}"),
        ("wifi drops every few minutes", "{u} loses the call each time"),
        "WLC: AP {h} disassociated from controller, reason {n}",
        "[FIRING] AccessPointOffline {h} VALUE = {n}",
    ),
    "zombie vm": (
        ("{s} machine does not boot", "grub prompt only, please look at {h}"),
        ("vm {s} in boot loop", "it restarts before the login appears"),
        ("kernel panic on {h}", "screen shows not syncing"),
        "console {h}: Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block({n},{n})",
    ),
    "tape": (
        ("tape library wants cleaning", "drive {n} asks for a cleaning cartridge"),
        ("no tapes left for the weekly run", "please put {n} new cartridges into {h}"),
        ("robot arm stuck", "library {h} does not move"),
        "TapeAlert {h}: drive {n} clean now",
        "bptm {h}: no more scratch media in pool {s}",
    ),
    "slow db": (
        ("queries on {s} take forever", "report needs {n} minutes instead of seconds"),
        ("database {s} sluggish", "locks everywhere, {u} cannot book"),
        ("deadlocks in {s}", "batch is thrown out each night"),
        "oracle {h}: ORA-{n}: deadlock detected while waiting for resource in {s}",
        "[FIRING] MssqlDeadlocksHigh {h} {s} VALUE = {n}",
    ),
    "badge": (
        ("door of the server room does not open", "badge of {u} is rejected"),
        ("new badge for {u}", "old one was lost, access to room {n} needed"),
        ("reader at gate {n} blinks red", "nobody gets in"),
        "ACS: door {n} reader offline since {n} s",
    ),
    "proxy": (
        ("internet does not work", "browser says proxy refuses connection"),
        ("page blocked by filter", "{u} needs the site of a supplier"),
        ("407 from proxy", "{s} cannot fetch its updates"),
        "squid {h}: TCP_DENIED/{n} CONNECT for {u}",
    ),
    "repo": (
        ("package update fails on {h}", "mirror gives not found"),
        ("apt cannot reach the repository", "hash sum mismatch for {s}"),
        ("patches missing", "{h} did not get its updates for {n} weeks"),
        "unattended-upgrade {h}: {n} packages kept back",
        "dnf {h}: Failed to download metadata for repo '{s}'",
    ),
    "nat": (
        ("partner cannot reach our {s}", "firewall drops port {n}"),
        ("please open port {n} to {h}", "needed by {s} for the go live"),
        ("connection reset from outside", "works inside, not from the internet"),
        "fw {h}: deny tcp src outside dst inside {s} by access-group",
        "conntrack {h}: table full, dropping packet",
    ),
    "voice": (
        ("phone of {u} is dead", "display is black, another cable did not help"),
        ("no dial tone in room {n}", "three sets are affected"),
        ("calls break off after a while", "{u} is thrown out of each call"),
        "CUCM: DeviceUnregistered SEP{n} reason {n}",
    ),
    "storage latency": (
        ("virtual machines slow, disk wait on {h}", "latency {n} ms on the array"),
        ("io wait high", "{s} crawls since the snapshot run"),
        ("storage hangs for seconds", "{h} freezes and goes on"),
        "ESX {h}: Device naa.{n} performance has deteriorated. I/O latency increased",
        "[FIRING] ArrayLatencyHigh {h} VALUE = {n}",
    ),
    "spam": (
        ("phishing mail in the company", "{u} clicked on the link"),
        ("lots of spam since today", "filter lets everything through"),
        ("our mails land in junk", "customer of {s} says that we are listed"),
        "rspamd {h}: {n} messages rejected by rbl",
    ),
}
"""Troubles that people report: titles with bodies, and, as bare lines, what machines say of them."""

LINES = tuple(
    line
    for thing in (
        "lease",
        "worker thread",
        "block map",
        "journal segment",
        "tunnel",
        "tenant cache",
    )
    for line in (
        f"{thing} {{n}} opened by {{s}}",
        f"{thing} {{n}} closed by {{s}}",
        f"Starting {thing} on {{h}}",
        f"Stopping {thing} on {{h}}",
        f"Before compacting: {thing}:{{n}} dirty:{{n}} clean:{{n}}",
        f"After compacting: {thing}:{{n}} dirty:{{n}} clean:{{n}}",
        f"{thing} {{n}} moved from NEW to READY",
        f"{thing} {{n}} moved from READY to RUNNING",
        f"{thing} {{n}} moved from RUNNING to DONE",
        f"{thing} {{n}} moved from RUNNING to FAILED",
        f"get {thing} size = {{n}}",
        f"set {thing} size = {{n}}",
        f"check of {thing} failed; user= host={{h}}",
        f"check of {thing} failed; user= host={{h}} user=guest",
        f"check of {thing} failed; user= host={{h}} user=admin",
        f"{thing} is ready",
        f"{thing} is not ready",
        f"cannot find {thing} {{n}} in {{m}}",
        f"found {thing} {{n}} in {{m}}",
    )
)
"""Lines of a log, most of them but a word away from another."""

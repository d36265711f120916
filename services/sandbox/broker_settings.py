"""What the embedded Apache Kafka is told: its server.properties, its log4j2.properties and its Java flags."""

from typing import Final

# Paths are relative to the state folder: properties files know neither commas nor letters beyond Latin-1 in a path.
DATA: Final = "data"
SCRATCH: Final = "tmp"
LOG: Final = "kafka.log"

JAVA_FLAGS: Final = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",  # no files in /tmp
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ErrorFile=java-error.log",
    "--enable-native-access=ALL-UNNAMED",  # the compression codecs are native code
    "--sun-misc-unsafe-memory-access=allow",  # Kafka 4.1 unmaps its index files so; Java 25 would warn each time
    "-Djava.awt.headless=true",
    f"-Djava.io.tmpdir={SCRATCH}",
    "-Dlog4j2.configurationFile=log4j2.properties",
    "-Dlog4j2.disableJmx=true",
)

LOG4J2: Final = f"""\
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {LOG}
appender.file.filePattern = {LOG}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{ISO8601}} %p %m (%c)%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 5MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 1
rootLogger.level = WARN
rootLogger.appenderRef.file.ref = file
logger.server.name = kafka.server
logger.server.level = INFO
logger.config.name = org.apache.kafka.common.config
logger.config.level = ERROR
"""


def server_properties(client_port: int, controller_port: int) -> str:
    """One node that is broker and controller, for this machine only. Names: Kafka 4.1, broker configs."""
    return f"""\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{client_port},CONTROLLER://127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs={DATA}

# One node cannot hold the three replicas that are the default.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1

# A misspelt topic is an error here, as in production.
auto.create.topics.enable=false

# A group that forms need not wait for members that are late.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000

# After kill -9 the controller refuses the same broker until the dead one's session has run out (default 9 s).
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500

# Few threads and small buffers, for a laptop. Idle, it writes a no-op record every 5 s instead of every 0.5 s.
num.network.threads=2
num.io.threads=2
background.threads=2
log.cleaner.dedupe.buffer.size=4194304
metadata.max.idle.interval.ms=5000
"""

"""Our records lie where Kafka's own clients would have put them."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.kafka.placement import murmur2, place

# The vectors of Kafka's own test, org.apache.kafka.common.utils.UtilsTest.testMurmur2, which are signed.
VECTORS = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize(("key", "signed"), VECTORS.items())
def test_the_hash_is_the_java_clients(key: bytes, signed: int) -> None:
    """murmur2 gives the numbers that Kafka's own test expects."""
    assert murmur2(key) == signed & 0xFFFFFFFF


@given(key=st.binary(max_size=200), partitions=st.integers(1, 100))
def test_a_key_lies_where_another_client_puts_it(key: bytes, partitions: int) -> None:
    """Every key goes to the partition that aiokafka's default partitioner, a port of Java's, gives it."""
    numbers = list(range(partitions))
    assert place(key, partitions) == DefaultPartitioner()(key, numbers, numbers)

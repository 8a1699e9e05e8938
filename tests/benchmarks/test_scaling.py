"""The model multiplies: its figures are those that one works out by hand."""

from benchmarks.scaling import Costs, gigabits, lines_of, processors

COSTS = Costs(repeated_us=35, unrepeated_us=140, limited_us=280, nginx_us=21, redis_us=20, answer_bytes=1_900)


def test_a_processor_is_used_to_seven_tenths() -> None:
    """35 us at 10,000 a second are 0.35 of a processor; at 1,000,000 they are 35, which takes 50."""
    assert processors(10_000, 35) == 1
    assert processors(1_000_000, 35) == 50


def test_a_part_of_a_processor_takes_a_whole_one() -> None:
    """20,001 times 35 us are a little more than 0.7."""
    assert processors(20_000, 35) == 1
    assert processors(20_001, 35) == 2


def test_requests_and_answers_both_cross_the_network() -> None:
    """1,900 bytes and two heads of 300 are 2,500 bytes, or 20,000 bits."""
    assert gigabits(1_000_000, 1_900) == 20


def test_every_rate_has_each_part() -> None:
    """By name, with the unit that it is counted in."""
    found = {line.claim: (line.value, line.unit) for line in lines_of(COSTS)}

    assert len(found) == 3 * 5 + 1
    wanted = {
        "on paper, 1,000,000 req/s: nginx before them": (30, "processors"),
        "on paper, 100,000 req/s: replicas, no query repeated": (20, "processors"),
        "on paper, 100,000 req/s: network": (2, "Gbit/s"),
    }
    assert {claim: found[claim] for claim in wanted} == wanted


def test_one_redis_ends_somewhere() -> None:
    """It has one thread: 20 us of it are 50,000 a second, of which seven tenths are to be used."""
    assert lines_of(COSTS)[-1].value == 35_000

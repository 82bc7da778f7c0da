"""Papers handed over and taken, paper by paper; places counted blind and signed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tahsil.actions import counts, custody, instruments, matters, presenting, requests
from tahsil.actions._verb import Done, Waiting
from tahsil.core.book import custody as rules
from tahsil.core.grammar.refusal import Refused
from tahsil.run import check_custody, check_papers
from tahsil.store import places
from tahsil.store.models import (
    CustodyMatter,
    Event,
    HandOver,
    HandOverLine,
    Instrument,
    InstrumentMove,
    Person,
    RoleGrant,
    SafeCount,
)
from tests.actions.test_instruments import Desk, code_of, state
from tests.conftest import TODAY
from tests.tables import table


@pytest.fixture
def desk(book):
    return Desk(book)


@pytest.fixture
def safe(desk):
    """Three papers in the safe, kept by Mervat."""
    return [desk.kept(f"00012{n}", 1_000_000 * n, bank=f"Bank {n}") for n in (1, 2, 3)]


def listed(desk, papers, *, by="mervat", to="cheque_drawer", **more) -> HandOver:
    given = {"receiver_id": desk.ids["tarek"]} if to in ("cheque_drawer", "safe") else {
        "receiver_name": "Hany Adel", "receiver_company": "Swift Couriers",
    }  # fmt: skip
    done = custody.hand_over(
        desk.ctx(by), instruments=[each.id for each in papers], to_place=to, **(given | more)
    )
    return HandOver.objects.get(id=done.id)


def take(desk, found, *, by="tarek", missing=(), count=None):
    lost = [each.id for each in missing]
    count = found.count - len(lost) if count is None else count
    return custody.accept(desk.ctx(by), hand_over_id=found.id, found_count=count, missing=lost)


def where(paper) -> tuple[str, int | None]:
    """The place of a paper and who of ours holds it."""
    row = places.with_custodian(Instrument.objects.filter(id=paper.id)).get()
    return rules.place_of(row.state, row.place), row.custodian_id


def sound() -> None:
    """Custody and papers hold together."""
    assert [each.code for each in check_custody.findings() + check_papers.findings()] == []


def test_inside_the_house_only_place_and_keeper_change(desk, safe):
    assert where(safe[0]) == ("safe", desk.ids["mervat"])
    found = listed(desk, safe)
    assert (found.number, found.count, found.totals) == (
        f"H-{found.id:05d}", 3, [["EGP", 3, 6_000_000]],
    )  # fmt: skip
    assert where(safe[0]) == ("safe", desk.ids["mervat"])  # until it is taken
    take(desk, found)
    assert {where(each) for each in safe} == {("cheque_drawer", desk.ids["tarek"])}
    assert {state(each) for each in safe} == {"in_safe"}
    line = HandOverLine.objects.filter(instrument=safe[0]).get()
    assert (line.result, line.move.document, line.move.place) == (
        "received", found.number, "cheque_drawer",
    )  # fmt: skip
    sound()


@pytest.mark.parametrize("case", table("""
    to       before        after         verb                 why
    courier  in_safe       in_transit    instrument.dispatch  the courier takes it away
    bank     in_safe       bank_custody  instrument.lodge     the bank takes it into custody
    """), ids=lambda case: case["why"])  # fmt: skip
def test_a_hand_over_is_the_evidence_of_the_move(desk, safe, case):
    found = listed(desk, safe, to=case["to"])
    assert {state(each) for each in safe} == {case["before"]}
    take(desk, found)
    assert {state(each) for each in safe} == {case["after"]}
    assert {where(each) for each in safe} == {(case["to"], None)}
    acts = Event.objects.filter(verb=case["verb"])
    assert [each.actor_name for each in acts] == ["Mervat"] * 3
    moves = InstrumentMove.objects.filter(document=found.number)
    assert moves.count() == moves.exclude(hand_over_line=None).count() == 3
    if case["to"] == "courier":
        assert {tuple(each.approvers) for each in acts} == {("Tarek",)}
    sound()


def test_what_the_bank_gives_back_lies_with_who_took_it(desk, safe):
    take(desk, listed(desk, safe[:1], to="bank"))
    desk.agreed(desk.do(instruments.MOVES["recall"], safe[0], document="letter 7"), "tarek")
    found = listed(desk, safe[:1], to="safe", giver_name="Delta Bank, Cairo branch")
    take(desk, found)
    assert state(safe[0]) == "in_safe"
    assert where(safe[0]) == ("safe", desk.ids["tarek"])
    sound()


def test_a_paper_that_is_not_there_stays_with_the_giver_and_opens_a_matter(desk, safe):
    found = listed(desk, safe)
    done = take(desk, found, missing=safe[1:2])
    assert done.facts["missing"] == ["000122"]
    assert where(safe[0])[0] == where(safe[2])[0] == "cheque_drawer"
    assert where(safe[1]) == ("safe", desk.ids["mervat"])
    matter = CustodyMatter.objects.get()
    assert (matter.kind, matter.owner_id, matter.state) == (
        "not_received", desk.ids["mervat"], "open",
    )  # fmt: skip
    sound()
    # Who owns the matter does not close it; who does says why, or has it declared lost.
    closing = {"matter_id": matter.id, "explanation": "It lay in the next envelope."}
    assert code_of(lambda: matters.close(desk.ctx("mervat"), outcome="explained", **closing)) == (
        "custody.own_matter"
    )
    assert code_of(lambda: matters.close(desk.ctx("tarek"), outcome="lost", **closing)) == (
        "custody.not_lost"
    )
    matters.close(desk.ctx("tarek"), outcome="explained", **closing)
    assert code_of(lambda: matters.close(desk.ctx("adel"), outcome="explained", **closing)) == (
        "custody.closed"
    )


def test_a_missing_paper_that_is_taken_later_was_found(desk, safe):
    take(desk, listed(desk, safe), missing=safe[:1])
    take(desk, listed(desk, safe[:1]))
    assert CustodyMatter.objects.get().state == "found"
    sound()


@pytest.mark.parametrize("case", table("""
    by      count  missing  code                  why
    mervat  3      -        custody.own           nobody takes what they give
    adel    3      -        custody.not_receiver  it was for somebody else
    tarek   2      -        custody.count         two are not three
    tarek   3      yes      custody.count         nor are three with one missing
    huda    3      -        grant.none            an accountant takes no papers
    """), ids=lambda case: case["why"])  # fmt: skip
def test_who_may_take_and_how_many(desk, safe, case):
    found = listed(desk, safe)
    missing = safe[:1] if case["missing"] == "yes" else ()
    act = lambda: take(desk, found, by=case["by"], missing=missing, count=int(case["count"]))  # noqa: E731
    assert code_of(act) == case["code"]
    assert HandOver.objects.get().state == "open"
    assert where(safe[0])[0] == "safe"


@pytest.mark.parametrize("case", table("""
    given                                code                   why
    receiver_id=mervat                   custody.own            nobody gives to themselves
    receiver_id=-                        custody.receiver_ours  in the house somebody of us takes
    to=courier receiver_company=-        custody.receiver_name  outside a name alone is too little
    to=court                             custody.not_there      a good paper does not go to court
    to=-                                 given.missing          a hand-over leads somewhere
    """), ids=lambda case: case["why"])  # fmt: skip
def test_what_cannot_be_listed(desk, safe, case):
    words = dict(word.split("=") for word in case["given"].split())
    to = words.pop("to", "cheque_drawer").replace("-", "")
    more = {
        name: desk.ids.get(value) if name == "receiver_id" else value.replace("-", "")
        for name, value in words.items()
    }
    assert code_of(lambda: listed(desk, safe, to=to, **more)) == case["code"]
    assert not HandOver.objects.exists()


def test_a_paper_is_on_one_open_list_and_comes_from_one_place(desk, safe):
    found = listed(desk, safe[:1])
    assert code_of(lambda: listed(desk, safe)) == "custody.listed"
    custody.withdraw(desk.ctx("mervat"), hand_over_id=found.id, reason="wrong envelope")
    take(desk, listed(desk, safe[:1]))
    assert code_of(lambda: listed(desk, safe)) == "custody.places"
    assert code_of(lambda: listed(desk, [])) == "custody.papers"
    assert code_of(lambda: take(desk, found)) == "custody.settled"
    sound()


def test_a_paper_that_went_to_the_bank_meanwhile_cannot_be_taken(desk, safe):
    found = listed(desk, safe)
    presenting.send(desk.ctx("mervat"), bank_account_id=desk.bank, instruments=[safe[0].id],
                    number="S-9")  # fmt: skip
    assert code_of(lambda: take(desk, found)) == "custody.gone"
    take(desk, found, missing=safe[:1])
    assert not CustodyMatter.objects.exists()  # the slip says where it is
    assert where(safe[0])[0] == "bank"
    sound()


def legal_officer(desk) -> None:
    person = Person.objects.create(
        username="nadia", name="Nadia", branch_id=desk.book.people.branch
    )
    RoleGrant.objects.create(person=person, role="legal_officer", scope="all", since_on=TODAY)
    desk.ids["nadia"] = person.id


def test_the_safe_opens_to_two_who_hold_its_keys(desk, safe):
    legal_officer(desk)
    found = listed(desk, safe, receiver_id=desk.ids["nadia"])
    asked = take(desk, found, by="nadia")
    assert isinstance(asked, Waiting)
    assert "treasury_head" in asked.verdict.approvers
    assert where(safe[0])[0] == "safe"
    done = requests.approve(desk.ctx("tarek"), request_id=asked.request_id)
    assert isinstance(done, Done)
    assert where(safe[0]) == ("cheque_drawer", desk.ids["nadia"])
    # From the drawer it goes on without the keys, back into the safe only with them.
    assert isinstance(
        take(desk, listed(desk, safe, by="nadia", to="safe", receiver_id=desk.ids["tarek"])),
        Waiting,
    )


def test_the_program_itself_holds_no_papers(desk, safe):
    from dataclasses import replace

    from tahsil.queries.people import SYSTEM

    ctx = replace(desk.ctx("mervat"), standing=SYSTEM)
    given = {
        "instruments": [safe[0].id],
        "to_place": "cheque_drawer",
        "receiver_id": desk.ids["tarek"],
    }
    assert code_of(lambda: custody.hand_over(ctx, **given)) in ("custody.nobody", "grant.none")


# --- counting -------------------------------------------------------------------------------


def counting(desk, *, by="mervat", place="safe", **more) -> SafeCount:
    done = counts.open_count(desk.ctx(by), place=place, **more)
    return SafeCount.objects.get(id=done.id)


def entered(desk, found, *numbers, by="mervat") -> None:
    if numbers:
        counts.enter(desk.ctx(by), count_id=found.id, entries=list(numbers))


def finished(desk, found, *numbers) -> SafeCount:
    entered(desk, found, *numbers)
    counts.finish(desk.ctx("mervat"), count_id=found.id)
    return SafeCount.objects.get(id=found.id)


def outcomes(found) -> dict[str, str]:
    return dict(found.lines.values_list("number", "outcome"))


def test_a_count_that_agrees_is_signed_by_three_and_closed(desk, safe):
    found = finished(desk, counting(desk), "000121", ["000122", "20,000.00"], "123")
    assert (found.book_count, found.found_count, found.variance_count) == (3, 3, 0)
    assert found.sums == [["EGP", 3, 6_000_000, 3, 6_000_000]]
    for name, after in (("mervat", "counted"), ("tarek", "counted"), ("huda", "signed")):
        counts.sign(desk.ctx(name), count_id=found.id)
        assert SafeCount.objects.get().state == after
    assert code_of(lambda: counts.sign(desk.ctx("adel"), count_id=found.id)) == "count.not_to_sign"
    assert not CustodyMatter.objects.exists()
    sound()


def test_nobody_signs_twice(desk, safe):
    found = finished(desk, counting(desk), "121", "122", "123")
    counts.sign(desk.ctx("mervat"), count_id=found.id)
    assert code_of(lambda: counts.sign(desk.ctx("mervat"), count_id=found.id)) == (
        "count.signed_before"
    )


def test_what_differs_opens_matters_with_an_owner(desk, safe):
    desk.sent("000777", 500_000, bank="Bank 7", lines=[[desk.book.lines["Q03"], 500_000]])
    found = finished(desk, counting(desk), "121", ["122", "2"], "777", "999")
    assert outcomes(found) == {
        "000121": "matched", "000122": "wrong_amount", "000123": "missing",
        "000777": "elsewhere", "999": "unknown",
    }  # fmt: skip
    assert found.variance_count == CustodyMatter.objects.count() == 4
    owners = dict(CustodyMatter.objects.values_list("number", "owner_id"))
    assert set(owners.values()) == {desk.ids["mervat"]}
    sound()


def test_papers_that_come_and_go_during_the_count_are_no_variance(desk, safe):
    found = counting(desk)
    entered(desk, found, "121")
    take(desk, listed(desk, safe[1:2]))  # to the drawer
    desk.kept("000555", 100_000, bank="Bank 5")  # into the safe
    late = finished(desk, found, "000555", "123")
    assert outcomes(late) == {
        "000121": "matched", "000122": "left", "000123": "matched", "000555": "came",
    }  # fmt: skip
    assert late.variance_count == 0
    sound()


def test_another_keeper_at_the_same_place_hides_no_missing_paper(desk, safe):
    found = counting(desk)
    take(desk, listed(desk, safe[1:2], to="safe"))
    assert outcomes(finished(desk, found, "121", "123"))["000122"] == "missing"


def test_one_envelope_is_counted_alone(desk, safe):
    desk.kept("000600", 100_000, bank="Bank 6", matures_on="2027-01-05")
    found = finished(desk, counting(desk, month="2027-01"), "600")
    assert outcomes(found) == {"000600": "matched"}


def test_the_list_is_ticked_only_after_the_totals_were_said(desk, safe):
    found = counting(desk)
    lines = list(found.lines.values_list("id", flat=True))
    tick = lambda: counts.enter(desk.ctx("mervat"), count_id=found.id, lines=lines)  # noqa: E731
    assert code_of(tick) == "count.blind"
    saying = {"count_id": found.id, "totals": [["EGP", 3, 6_000_000]]}
    counts.say(desk.ctx("mervat"), **saying)
    assert code_of(lambda: counts.say(desk.ctx("mervat"), **saying)) == "count.said"
    tick()
    assert finished(desk, found).variance_count == 0


def test_an_entry_is_struck_and_a_missing_paper_found_again(desk, safe):
    found = counting(desk)
    entered(desk, found, "121", "122", "999")
    counts.enter(desk.ctx("mervat"), count_id=found.id,
                 strike=[found.entries.get(number="999").id])  # fmt: skip
    assert finished(desk, found).variance_count == 1
    finished(desk, counting(desk), "121", "122", "123")
    assert CustodyMatter.objects.get().state == "found"
    sound()


def test_one_count_of_a_place_at_a_time_and_only_of_ours(desk, safe):
    found = counting(desk)
    assert code_of(lambda: counting(desk, by="tarek")) == "count.going_on"
    assert code_of(lambda: counting(desk, place="bank")) == "count.place"
    assert code_of(lambda: counting(desk, month="soon")) == "count.month"
    counts.cancel(desk.ctx("mervat"), count_id=found.id, reason="interrupted")
    assert code_of(lambda: entered(desk, found, "121")) == "count.over"
    counting(desk, by="tarek")


GOALS = ("cheque_drawer", "safe", "courier", "bank", "send")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(steps=st.lists(st.tuples(st.sampled_from(GOALS),
                                st.sets(st.integers(0, 2), min_size=1),
                                st.sets(st.integers(0, 2))), max_size=6))  # fmt: skip
def test_the_places_partition_the_register_whatever_is_moved(desk, safe, steps):
    from django.db import transaction

    with transaction.atomic():
        for to, chosen, missing in steps:
            some = [Instrument.objects.get(id=safe[n].id) for n in chosen]
            lost = [safe[n] for n in chosen & missing]
            try:
                with transaction.atomic():
                    if to == "send":
                        presenting.send(
                            desk.ctx("mervat"), bank_account_id=desk.bank,
                            instruments=[each.id for each in some],
                            number=f"S-{InstrumentMove.objects.count()}",
                        )  # fmt: skip
                    else:
                        take(desk, listed(desk, some, to=to), missing=lost)
            except Refused:
                continue
        held = Instrument.objects.exclude(state__in=rules.GONE)
        by_place = {
            code: set(held.filter(places.lying_at(code)).values_list("id", flat=True))
            for code in places.at(TODAY).places
        }
        assert sum(map(len, by_place.values())) == held.count()
        assert set().union(*by_place.values()) == set(held.values_list("id", flat=True))
        sound()
        transaction.set_rollback(True)

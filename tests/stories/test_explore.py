
from datetime import date
from tahsil.actions import contracts, receipts, promises, contact, requests
from tests.stories.life import *
from time import monotonic as clock
from tests.stories.contracts_of_mona import *

def test_x(life, people):
    acc, con = sign(life, people, terms=DEVELOPER, price_minor=BIG)
    def pay(amount, on, ref):
        return receipts.record(life.ctx("huda"), account_id=acc, amount_minor=amount, value_on=on, instrument="transfer", reference=ref)
    pay(100_000_00,"2026-01-10","RES")
    pay(200_000_00,"2026-01-13","DP1")
    t=clock()

    life.as_of=date(2026,3,28); life.day()
    print("start", clock()-t)
    def each(): check_ties(life.who("sara"), acc, life.as_of)
    t=clock()
    life.until("2026-04-16")
    print("days", clock()-t)
    def ask(amt,on): return promises.make(life.ctx("lina"), account_id=acc, amount_minor=amt, promised_on=on)
    w=ask(300_000_00,"2026-04-28"); requests.approve(life.ctx("omar"), request_id=w.request_id)
    contact.log_attempt(life.ctx("lina"), account_id=acc, channel="call", disposition="RP_PTP_FULL", reason="SALARY_DELAY", next_step="await_payment", next_step_on="2026-04-28")
    life.until("2026-04-27"); pay(100_000_00,"2026-04-27","T1")
    life.until("2026-04-30")
    ask(200_000_00,"2026-05-07")
    life.until("2026-05-11")
    ask(200_000_00,"2026-05-18")
    life.until("2026-06-02"); pay(200_000_00,"2026-06-02","T2")
    life.until("2026-06-03")
    print("all", clock()-t)
    for e in Event.objects.order_by("id"):
        print(e.effective_on, e.actor_name, e.verb, e.subject, {k:v for k,v in e.facts.items() if k in ("rung","treatment","before","after","state","why","received_minor")})

"""Figures for a monitor, as Prometheus reads them: counted when it asks, so that any number of
processes says the same. No organisation, person or address is named."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from engine.storage.claims import census
from web.services import Services
from web.site.health import Vitals


def figures(services: Services, vitals: Vitals) -> CollectorRegistry:
    """The figures of this moment."""
    registry = CollectorRegistry()

    def gauge(name: str, said: str, value: float) -> None:
        Gauge(f"relecture_{name}", said, registry=registry).set(value)

    gauge("database_reachable", "Whether the database answers.", vitals.reachable)
    gauge("database_writable", "Whether it takes writes.", vitals.writable)
    if vitals.free_bytes is not None:
        gauge("free_bytes", "Left on the fullest disk that is written to.", vitals.free_bytes)
    if vitals.silent is not None:
        gauge(
            "worker_silence_seconds",
            "Since the job ended that has been silent the longest.",
            vitals.silent.total_seconds(),
        )
    if vitals.reachable:
        _count(services, registry)
    return registry


def _count(services: Services, registry: CollectorRegistry) -> None:
    clock = services.clock
    with services.db.across("worker-claim") as door:
        counted = census(door, clock.now(), clock.wall())
    mails = Gauge("relecture_deliveries", "Mails by state.", ["state"], registry=registry)
    for state, number in counted.deliveries.items():
        mails.labels(state).set(number)
    for name, said, number in (
        ("deliveries_due", "Mails whose next try is due.", counted.mails_due),
        ("touches_due", "Touches that are due and not open yet.", counted.touches_due),
        ("mail_refused", "People to whom no more mail is sent.", counted.refused),
    ):
        Gauge(f"relecture_{name}", said, registry=registry).set(number)

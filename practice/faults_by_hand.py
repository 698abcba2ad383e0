"""What an assessor sees of an account that no program may read, where that is not in order."""

from __future__ import annotations

from datetime import timedelta

from practice.model import Account, Fault, Site


def _account(site: Site) -> Account | None:
    touched = {truth.subject for truth in site.truth}
    return next((a for a in site.accounts if a.by_hand and a.account_id not in touched), None)


def account_stale(site: Site, fault: Fault) -> None:
    if account := _account(site):
        account.posts = [(day - timedelta(days=40), text) for day, text in account.posts]
        site.declare(fault.kind, "account-stale", account.account_id)

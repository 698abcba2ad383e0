"""Every rule that this house asks, in the order of the catalogue. No discovery: what is not listed does not run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from checks.rules import (
    account_duplicated,
    account_gone,
    account_name_mismatch,
    account_stale,
    annual_report_figures_inconsistent,
    annual_report_incomplete,
    annual_report_late,
    annual_report_missing,
    application_entry_missing,
    application_form_broken,
    application_guide_incomplete,
    application_guide_outdated,
    certificate_invalid,
    column_empty,
    column_stale,
    document_attachment_broken,
    document_body_empty,
    document_dates_inconsistent,
    document_metadata_incomplete,
    document_number_gap,
    document_number_missing,
    document_publication_late,
    document_unlisted,
    document_validity_unmarked,
    external_link_broken,
    fake_link,
    footer_element_missing,
    functions_contact_incomplete,
    functions_duties_missing,
    functions_page_missing,
    home_stale,
    illicit_link,
    interpretation_backlink_missing,
    interpretation_copies_document,
    interpretation_late,
    interpretation_link_broken,
    interpretation_missing,
    interpretation_text_only,
    leadership_page_missing,
    link_broken,
    listed_document_mismatch,
    listed_document_unreachable,
    page_tags_missing,
    personal_data_exposed,
    platform_column_empty,
    platform_column_missing,
    platform_entry_missing,
    publish_date_future,
    publish_date_missing,
    site_code_mismatch,
    site_search_unusable,
    site_unreachable,
    statutory_item_missing,
    wording_error,
)
from dossier.model import Outcome, Rule, SiteSnapshot


class RuleModule(Protocol):
    """A file under checks/rules."""

    RULE: Rule

    def check(self, site: SiteSnapshot) -> Iterator[Outcome]:
        """Every verdict of this rule on one site."""
        ...


RULES: tuple[RuleModule, ...] = (
    # 公开文件
    document_number_missing,
    document_metadata_incomplete,
    document_publication_late,
    document_dates_inconsistent,
    document_body_empty,
    document_attachment_broken,
    document_validity_unmarked,
    listed_document_unreachable,
    listed_document_mismatch,
    document_unlisted,
    document_number_gap,
    # 政策解读
    interpretation_missing,
    interpretation_link_broken,
    interpretation_backlink_missing,
    interpretation_late,
    interpretation_copies_document,
    interpretation_text_only,
    # 法定机构职能
    functions_page_missing,
    functions_duties_missing,
    functions_contact_incomplete,
    leadership_page_missing,
    # 依申请公开
    application_entry_missing,
    application_guide_incomplete,
    application_form_broken,
    application_guide_outdated,
    # 政府信息公开平台
    platform_entry_missing,
    platform_column_missing,
    platform_column_empty,
    statutory_item_missing,
    annual_report_missing,
    annual_report_late,
    annual_report_incomplete,
    annual_report_figures_inconsistent,
    # 站点运维
    site_unreachable,
    home_stale,
    column_stale,
    column_empty,
    link_broken,
    external_link_broken,
    fake_link,
    footer_element_missing,
    site_code_mismatch,
    page_tags_missing,
    publish_date_missing,
    publish_date_future,
    site_search_unusable,
    certificate_invalid,
    illicit_link,
    # 表述与隐私
    wording_error,
    personal_data_exposed,
    # 政务新媒体
    account_stale,
    account_gone,
    account_duplicated,
    account_name_mismatch,
)

BESIDE_THE_CRAWL = frozenset(
    {
        "site-unreachable",
        "certificate-invalid",
        "account-stale",
        "account-gone",
        "account-duplicated",
        "account-name-mismatch",
    }
)
"""Rules that read probes, certificates or accounts and no page: a site that could not be crawled tonight
does not silence them, and their evidence is not a page of the crawl."""


STRUCTURAL = frozenset(
    {"home-stale", "column-stale", "column-empty", "publish-date-missing", "page-tags-missing"}
)
"""Rules without needs that all the same lean on how a site is built: a redesign may deceive them."""


def rule_of(rule_id: str, rules: tuple[RuleModule, ...] = RULES) -> Rule | None:
    """The declared part of a rule, if it is one of ours."""
    return next((module.RULE for module in rules if module.RULE.id == rule_id), None)

"""One page, read once: its bytes in, its facts out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dossier.model import Attachment, Column, DateSource, Item, Link, LinkPlace, PageFacts, PageKind
from dossier.model.page import READER_VERSION
from dossier.reading import kind as kinds
from dossier.reading.attachments import attachment_links, is_document
from dossier.reading.body import Weights, find_body, text_behind_tabs, text_of_body, text_without_frame
from dossier.reading.contacts import contacts_of
from dossier.reading.data import entries_in_code, records_in
from dossier.reading.decoding import decode
from dossier.reading.files import read_attachment
from dossier.reading.foot import find_footer
from dossier.reading.footer import footer_of
from dossier.reading.forms import forms_of, has_search_box
from dossier.reading.growing import grow
from dossier.reading.headline import (
    article_title,
    breadcrumb_of,
    clean_title,
    column_title,
    site_name_of,
    unstamped,
)
from dossier.reading.judging import day_of_writing, is_home, own_number, speaks_for_one_text
from dossier.reading.links import base_of, links_of
from dossier.reading.lists import Lists, lists_of
from dossier.reading.media import media_of, named_by_pictures, shown_without_words
from dossier.reading.menus import menus_of
from dossier.reading.metadata import issuer_of, metadata_of, value_of
from dossier.reading.paging import data_sources_of, includes_of, next_pages, script_lists
from dossier.reading.publication import published_of, source_of, zone_of
from dossier.reading.regions import Regions, regions_of
from dossier.reading.relations import interpretations_of, sources_of
from dossier.reading.special import moved_target, says_so_inside, special_kind
from dossier.reading.spelling import draws_rows, spelled_out
from dossier.reading.stages import waits_for_script
from dossier.reading.tables import tables_of
from dossier.reading.tags import tags_of
from dossier.reading.tree import Node, Tree, lines_in
from dossier.reading.vocabulary import Vocabulary
from dossier.reading.way import adopt_path

WHOLE_BOUND = 200_000
BODY_BOUND = 6_000_000


def read(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    as_of: date,
    vocabulary: Vocabulary,
    status: int | None = 200,
) -> PageFacts:
    """The facts of one answer, whatever its bytes are; it never raises on what a site sends."""
    if is_document(body, content_type, url):
        return read_attachment(body, url=url, content_type=content_type)
    truncated = len(body) > BODY_BOUND
    text, encoding = decode(body[:BODY_BOUND], content_type)
    return read_text(
        text,
        url=url,
        encoding=encoding,
        as_of=as_of,
        vocabulary=vocabulary,
        status=status,
        truncated=truncated,
    )


def read_text(
    html: str,
    *,
    url: str,
    encoding: str,
    as_of: date,
    vocabulary: Vocabulary,
    status: int | None = 200,
    truncated: bool = False,
) -> PageFacts:
    """The facts of a page whose text is known."""
    tree = grow(spelled_out(html))
    base = base_of(tree, url)
    regions = regions_of(tree)
    adopt_path(tree, regions, url, base)
    footers = find_footer(tree, regions.footers, regions.place)
    whole = _whole(tree)
    tags = tags_of(tree)
    despaced = "".join(whole.split())
    special, sign = special_kind(tree, html, whole, len(despaced), base, vocabulary, status)
    if special in (PageKind.CHALLENGE, PageKind.ERROR, PageKind.MOVED):
        links = links_of(tree, regions, base)
        return PageFacts(
            url=url,
            reader=READER_VERSION,
            encoding=encoding,
            kind=special,
            sign=sign,
            html_title=tree.html_title,
            title=tree.html_title or None,
            text=whole[:5000],
            whole_text=whole[:WHOLE_BOUND],
            links=links if special is PageKind.MOVED else (),
            moved_to=moved_target(tree, links, base) if special is PageKind.MOVED else "",
            tags=tags,
            truncated=truncated or tree.truncated,
        )
    weights = Weights(tree)
    lists = lists_of(tree, regions, base, as_of)
    breadcrumb = breadcrumb_of(tree, regions)
    home = is_home(tree, url, tags, breadcrumb, lists)
    site = site_name_of(tags, tree.html_title, home=home)
    block = metadata_of(tree, despaced)
    body = find_body(tree, regions, weights)
    _mark(regions, lists, body)
    links = links_of(tree, regions, base)
    links += menus_of(tree.scripts, base, frozenset(link.url for link in links))
    headline_text, headline = article_title(tree, regions, body, tags, site, value_of(block, "title"))
    main_text = text_of_body(tree, regions, body) if body is not None else text_without_frame(tree, regions)
    if tree.veiled and (behind := text_behind_tabs(tree, regions, body)):
        main_text = f"{main_text}\n{behind}"
    zone = zone_of(tree, headline, body, headline_text or "")
    shown = published_of(zone, lambda: _outside(tree, body), block, tags, url)
    opened = {link.url for link in links if link.tag == "script" and link.text}
    includes = tuple(url for url in includes_of(tree, base) if url not in opened)  # a tab's panel has a name
    footer, code = footer_of(tree, footers, whole, drawn=bool(includes) or _writes_footer(tree, footers))
    forms = forms_of(tree, base)
    headline_text, stamp = unstamped(headline_text)
    words = headline_text or ""
    interprets = kinds.reads_as_interpretation(words) or Column.INTERPRETATION in {
        vocabulary.column_of(step) for step in breadcrumb
    }
    number, number_from = own_number(
        block, "" if interprets else words, () if interprets else (*zone, *main_text.split("\n")[:8])
    )
    paged = any(link.place is LinkPlace.PAGER for link in links)
    single = speaks_for_one_text(
        url,
        tags,
        shown.source,
        bool(block),
        main_text if body is not None else "",
        lists,
        zone,
        paged=paged,
        linked=body is not None and 2 * weights.link_chars(body) > weights.chars(body),
    )
    if _only_a_name(words, breadcrumb, main_text) and not block and shown.day is None:
        single = "ArticleTitle" in tags
    if single and _a_list_by_its_label(tags, words, main_text, lists):
        single = False
    signs = kinds.Signs(
        title=words,
        text=main_text,
        breadcrumb=breadcrumb,
        column_name=tags.get("ColumnName", ""),
        has_block=bool(block),
        number=number,
        applies=any(form.purpose == "application" for form in forms),
        linked=_columns_of(vocabulary, links),
    )
    dated = shown.source in (DateSource.LABEL, DateSource.POSITION)
    inside = "" if dated else says_so_inside(tree, main_text, len(lists.items), vocabulary)
    context = kinds.column_context(vocabulary, signs)
    title: str | None
    if special is PageKind.SHELL:
        kind, title, column = (
            PageKind.SHELL,
            headline_text or clean_title(tree.html_title, site) or None,
            context,
        )
    elif home:
        kind, title, column = PageKind.HOME, site or clean_title(tree.html_title, None) or None, Column.HOME
    elif inside:
        kind, title, column, sign = PageKind.ERROR, tree.html_title or None, None, inside
    elif single:
        column = context
        title = headline_text or column_title(tree, regions, tags, site, breadcrumb)
        kind = kinds.kind_of_article(signs if words else replace(signs, title=title or ""), column)
    else:
        title = column_title(tree, regions, tags, site, breadcrumb)
        own = vocabulary.column_of(title or "") or _last_step(vocabulary, breadcrumb)
        kind = kinds.kind_of_column(signs, own)
        column = kinds.column_of_list(own, context)
    if column is Column.LEADERS and (named := named_by_pictures(tree, regions, whole)):
        main_text = f"{main_text}\n{named}"
        whole = f"{whole}\n{named}"
    single = single and kind not in (PageKind.HOME, PageKind.SHELL)
    attachments = attachment_links(links) if single else ()
    written = day_of_writing(block, main_text) if single else None
    published = shown.day if single else None
    if not single:
        number, number_from = None, ""
    items = _entries(lists, body, attachments) if single else lists.items
    undated = not any(item.date for item in items)
    kept = _kept_in_scripts(tree, base, as_of, single=single or home) if undated else ()
    if items and not any(item.date for item in kept):
        kept = ()  # a menu beside a list that a script keeps does not stand in its place
    return PageFacts(
        url=url,
        reader=READER_VERSION,
        encoding=encoding,
        kind=kind,
        sign=sign,
        column=column,
        html_title=tree.html_title,
        title=title,
        breadcrumb=breadcrumb,
        text=main_text[:WHOLE_BOUND],
        whole_text=whole[:WHOLE_BOUND],
        published=published,
        published_from=shown.source if published else None,
        written=written,
        dates_conflict=shown.conflict if published else "",
        document_number=number,
        document_number_from=number_from,
        index_number=value_of(block, "index_number") or None,
        issuer=issuer_of(block) or None,
        source=source_of(zone, tags) if single else None,
        validity=value_of(block, "validity") or (stamp if single else "") or None,
        metadata=block,
        tags=tags,
        site_name=site,
        site_code=code,
        site_code_tag=tags.get("SiteIDCode", "").strip() or None,
        footer=footer,
        links=links,
        items=(*kept, *items),
        moved_to=moved_target(tree, (), base) if sign == "script-redirect" else "",
        attachments=attachments,
        interpretations=interpretations_of(tree, regions, base, kind) if single else (),
        sources=sources_of(tree, regions, base, body, kind) if single else (),
        forms=forms,
        tables=tables_of(tree, body) if kind is PageKind.ANNUAL_REPORT else (),
        contacts=contacts_of(kind, main_text, _above_the_foot(tree, footers), tree),
        media=media_of(tree, regions, body, headline, headline_text or "", main_text)
        if single
        else shown_without_words(tree, regions, len(main_text)),
        next_pages=next_pages(tree, links, url, home=home) if not single else (),
        includes=includes,
        data_sources=data_sources_of(tree, base),
        script_lists=script_lists(tree)
        or (
            not single
            and not (lists.main_dated or kept)
            and (
                (not home and draws_rows(tree.scripts))
                or (not (home and any(item.date for item in items)) and waits_for_script(tree, regions))
            )
        ),
        search_box=has_search_box(tree, forms),
        truncated=truncated or tree.truncated or len(whole) > WHOLE_BOUND,
    )


def _last_step(vocabulary: Vocabulary, breadcrumb: tuple[str, ...]) -> Column | None:
    """The column that the path ends in; a path that only leads back to the home page names none."""
    last = vocabulary.column_of(breadcrumb[-1]) if breadcrumb else None
    return None if last is Column.HOME else last


def _only_a_name(headline: str, breadcrumb: tuple[str, ...], text: str) -> bool:
    """Whether a page says no more than the name of the column that it is."""
    return 0 < len(headline) <= 10 and headline in breadcrumb[-1:] and len(text) < 60


def _a_list_by_its_label(tags: dict[str, str], headline: str, text: str, lists: Lists) -> bool:
    """Whether a page with hardly a text of its own is headed by the name of its column: a list of one or two rows,
    whose source and date may stand under labels as those of an article do."""
    dated = sum(item.date is not None for item in lists.items)
    if "ArticleTitle" in tags or "PubDate" in tags or not lists.items or (len(text) >= _A_TEXT and dated < 3):
        return False
    return bool(headline) and headline == tags.get("ColumnName", "").strip()


_A_TEXT = 120
"""Characters from which on a page holds a text, whatever it is called."""


def _whole(tree: Tree) -> str:
    return "\n".join(lines_in(tree.shown))


def _above_the_foot(tree: Tree, footers: list[Node]) -> str:
    """All that a page says but for its foot: what every page repeats is no page's own statement."""
    kept, at = [], 0
    for node in footers:
        kept.append(tree.between(at, max(at, node.t0)))
        at = max(at, node.t1)
    return "\n".join(lines_in("\n".join([*kept, tree.between(at, len(tree.seen))])))


def _outside(tree: Tree, body: Node | None) -> list[str]:
    """Lines that are neither main text nor list: where a publication date may stand when it is not under the headline."""
    if body is None:
        return lines_in(tree.shown)
    return [*lines_in(tree.between(0, body.t0)), *lines_in(tree.between(body.t1, len(tree.seen)))]


def _entries(lists: Lists, body: Node | None, attachments: tuple[Attachment, ...]) -> tuple[Item, ...]:
    """On the page of one text the links inside the text are no list, and its attachments neither."""
    files = {link.url for link in attachments}
    if body is None:
        return tuple(item for item in lists.items if item.url not in files)
    pairs = zip(lists.items, lists.anchors, strict=True)
    return tuple(item for item, at in pairs if not body.i <= at < body.end and item.url not in files)


def _kept_in_scripts(tree: Tree, base: str, as_of: date, *, single: bool) -> tuple[Item, ...]:
    """Some pages carry their entries inside a script: as XML, or as an array that it writes into the page."""
    for _, code in tree.scripts:
        if "<record>" in code:
            inner = grow(f"<ul>{records_in(code)}</ul>")
            return lists_of(inner, regions_of(inner), base, as_of).items
    if single:
        return ()
    found = (entries_in_code(code, base, as_of) for _, code in tree.scripts if "[" in code and "{" in code)
    return max(found, key=len, default=())


_PART = re.compile(
    r"(?:foot|bottom|copyright|dibu|yejiao|btm)[\w.\-]*\.js|/(?:\d{13,19}|[0-9a-f]{32})\.js", re.IGNORECASE
)
"""Scripts that draw a part of the page: named for the foot, or numbered as content systems number their parts."""


def _writes_footer(tree: Tree, footers: list[Node]) -> bool:
    """The foot of the page is drawn by a script: it writes there, is named so, or left an empty element to fill."""
    for node, code in tree.scripts:
        if "document.write" in code and ("foot" in code or "bottom" in code):
            return True
        if "标识码" in code or "ICP备" in code:
            return True  # the foot is kept as a piece of HTML in a script
        if _PART.search(node.get("src")) and not any(above.tag == "head" for above in node.up()):
            return True
    return bool(footers) and all(node.end == node.i + 1 and not tree.text(node) for node in footers)


def _columns_of(vocabulary: Vocabulary, links: tuple[Link, ...]) -> frozenset[Column]:
    """The columns that the page's links name."""
    named = (vocabulary.column_of(link.text) for link in links if link.text and len(link.text) <= 24)
    return frozenset(column for column in named if column is not None)


def _mark(regions: Regions, lists: Lists, body: Node | None) -> None:
    """Links of lists and of the main text stand there, not just anywhere."""
    place = regions.place
    if body is not None:
        anywhere, main = LinkPlace.BODY, LinkPlace.MAIN
        inside = slice(body.i, body.end)
        place[inside] = [main if each is anywhere else each for each in place[inside]]
    for i in lists.links:
        if place[i] is not LinkPlace.SIDE:
            place[i] = LinkPlace.LIST

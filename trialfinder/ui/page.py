"""The page from top to bottom."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import streamlit as st

from trialfinder.content.language import LANGUAGES, current, speak
from trialfinder.content.messages import counted, message
from trialfinder.finding import situation
from trialfinder.finding.describe import day_words
from trialfinder.finding.filters import filter_trials
from trialfinder.finding.notes import group_words, notes_on, origin_words
from trialfinder.finding.search import Found
from trialfinder.registry.sample import WRITTEN
from trialfinder.ui import (
    explanations,
    guide,
    ledger,
    loading,
    pictures,
    results,
    search_form,
    shortlist,
    site_map,
    situation_form,
    state,
)


def show() -> None:
    """Draw the page. The explanations stand there whatever becomes of the trials."""
    speak(st.session_state.get("language", "en"))
    st.set_page_config(page_title=message("page.title"), layout="wide")
    style = files("trialfinder.ui").joinpath("style.css").read_text("utf-8")
    st.html(f"<style>{style}</style>")
    _language()
    state.begin()
    search_form.begin()
    situation_form.begin()
    if state.is_on(state.SAMPLE):
        with st.container(key="sample_banner"):  # stays in sight while the page is scrolled
            st.error(message("sample.banner"))
    _head()
    found = loading.load()
    if found is None:
        explanations.show()
    else:
        _body(found, datetime.now(UTC))


_TO_TRIALS = """<script>(() => {
  const heading = document.getElementById('trials');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({preventScroll: true});
    heading.scrollIntoView({block: 'start'});
  }
})()</script>"""
"""From the last question of the guided start to what it found: that stands below a long form."""


_LANGUAGE = """<script>(() => {
  document.documentElement.lang = 'LANGUAGE';
  const words = '[class*="st-key-quote_"], [class*="st-key-title_"]';
  const mark = () => document.querySelectorAll(words).forEach(
    box => box.querySelectorAll('[data-testid="stText"]').forEach(text => { text.lang = 'en'; })
  );
  mark();
  if (!window.registryWords) {
    window.registryWords = new MutationObserver(mark);
    window.registryWords.observe(document.body, {childList: true, subtree: true});
  }
})()</script>"""
"""The language of the page, and that of the registry's words, for those who have it read out."""


def _language() -> None:
    """Ask for the language, and tell the browser, which reads the page out by it."""
    st.segmented_control(
        message("page.language"),
        list(LANGUAGES),
        default="en",
        required=True,
        format_func=LANGUAGES.__getitem__,
        key="language",
        persist_state="session",
        label_visibility="collapsed",
        on_change=_keep_answers,
    )
    st.html(_LANGUAGE.replace("LANGUAGE", current()), unsafe_allow_javascript=True)


def _keep_answers() -> None:
    """Hand every answer to its control anew; for callbacks.

    The browser sends answers back by the words that it shows: those of the language before mean
    nothing in the next, and the control would fall silently empty.
    """
    for key in (*search_form.ANSWERS, *situation_form.BLANK, results.ORDER):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _head() -> None:
    st.title(message("page.title"), anchor=False)
    st.markdown(message("page.tagline"))
    st.caption(message("page.promise"))
    with st.container(horizontal=True):
        st.markdown(f"[{message('options.call_first')}](#good-to-know)")
        st.markdown(f"[{message('options.heading')}](#options)")
        st.markdown(f"[{message('shortlist.heading')}](#my-list)")
    if state.is_on(state.SAMPLE):
        st.markdown(message("sample.explained", written=day_words(WRITTEN)))
        st.button(message("sample.leave"), on_click=state.set_sample, args=(False,))


def _body(found: Found, now: datetime) -> None:
    if not state.is_on(state.SAMPLE):  # samples have said so already
        st.text(origin_words(found))
    for note in notes_on(found, now):
        st.warning(note.text, title=note.title)
    if st.session_state[state.GUIDE] is not None:
        guide.show()
        explanations.show(read_about=situation_form.read_about())
        return
    with st.container(horizontal=True):
        guide.offer()
        st.markdown(f"[{message('results.to_trials')}](#trials)")
    search = search_form.show(found.sites)
    unfit = situation.unfit(search.situation, found.by_id, found.readings)
    named = situation.naming_mutation(search.situation, found.readings)
    beside, explained = st.columns([2, 1], gap="large")
    with beside:
        above = st.container()  # heading and ledger stand above the order, but need its answer
        order = results.ask_order(search)
        listing = filter_trials(
            found.studies, found.sites, search.filters, order, unfit=unfit, named=named
        )
        with above:
            st.header(results.count_words(listing), anchor="trials")
            if state.coming_to_trials():
                st.html(_TO_TRIALS, unsafe_allow_javascript=True)
            for words in group_words(listing):
                st.markdown(words)
            if listed := state.shortlist():
                st.markdown(f"[{counted('shortlist.count', len(listed))}](#my-list)")
            ledger.show(found, listing.ledger, search.filters, search.unit)
            search_form.ask_others(results.count_for_others(found, search.filters))
        site_map.show(listing, found, search)
        pictures.show(listing, search)
        results.show(listing, found, search, now.date(), state.page_key((search, order)))
    with explained, st.container(key="explanations"):
        explanations.show(
            results.count_by_approach(listing, found, search.filters),
            search.filters.approaches,
            situation_form.read_about(),
        )
    shortlist.show(listing, found, search, now.date())

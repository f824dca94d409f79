// SPDX-License-Identifier: Apache-2.0
// Does with a page what a reader would, and writes what it found at the end of the document: a line a check.
// MODE says which page this is: "made-up", "real" or "bare" (without its scripts).
(async () => {
  'use strict';

  const found = [];
  const check = (name, condition, seen = '') => found.push(condition ? `ok ${name}` : `FAIL ${name}: ${seen}`);
  const same = (name, seen, expected) =>
    check(name, JSON.stringify(seen) === JSON.stringify(expected), `${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`);
  addEventListener('error', (event) => found.push(`FAIL no error: ${event.message}`));
  const pause = () => new Promise((done) => { setTimeout(done, 30); });
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const press = (element, key) =>
    element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const visible = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
  const luminance = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => {
      const c = part / 255;
      return c > 0.03928 ? ((c + 0.055) / 1.055) ** 2.4 : c / 12.92;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const ids = () => all('table.claims tbody tr').filter((row) => !row.hidden).map((row) => one('th a', row).textContent);

  // Of every page.
  const layout = () => {
    same('the window is as wide as asked', innerWidth, WIDTH);
    const wide = document.scrollingElement.scrollWidth;
    check('the page does not scroll sideways', WIDTH >= wide, wide);
    const { color, backgroundColor } = getComputedStyle(document.body);
    check(`the page is ${SCHEME}`, luminance(backgroundColor) > 0.5 === (SCHEME === 'light'), backgroundColor);
    check('text has contrast', contrast(color, backgroundColor) > 7, `${color} on ${backgroundColor}`);
    for (const badge of all('.badge'))
      if (!badge.classList.contains('survivor') && 4.5 > contrast(getComputedStyle(badge).color, backgroundColor))
        check(`the badge ${badge.textContent} has contrast`, false, getComputedStyle(badge).color);
    const low = all('.plot .series').filter((series) => 3 > contrast(getComputedStyle(series).color, backgroundColor));
    same('series have contrast', low.map((series) => series.getAttribute('class')), []);
  };

  const hover = async () => {
    const box = one('#large-figure-all .plot-box'), svg = one('svg', box);
    box.scrollIntoView({ block: 'center' });
    const named = (words) => all('.point', svg).find((point) => (one('title', point) || {}).textContent === words);
    const point = named('mean\nx = 1000\ny = 0.125');
    check('a point has its title before anybody looks', point);
    const at = point.getBoundingClientRect();
    const move = (dx) => box.dispatchEvent(new PointerEvent('pointermove', {
      clientX: at.left + at.width / 2 + dx, clientY: at.top + at.height / 2, bubbles: true, pointerType: 'mouse' }));
    move(2);
    const tip = one('.tip', box);
    check('a point says its values on hover', tip && visible(tip));
    same('with the names of the axes', all('div', tip).map((line) => line.textContent), ['mean', 'width p: 1000', 'error: 0.125']);
    check('the point is marked', point.classList.contains('at'));
    const fits = (what) => {
      const inside = tip.getBoundingClientRect(), around = box.getBoundingClientRect();
      check(what, inside.left >= around.left && around.right + 1 > inside.right &&
        inside.top >= around.top && around.bottom + 1 > inside.bottom);
    };
    fits('the words stand inside the figure');
    check('there is no second tip by the browser', !one('.point title', svg));
    box.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));
    check('they go when the pointer leaves', !visible(tip));
    box.focus();
    check('a figure takes the focus', document.activeElement === box);
    press(box, 'ArrowRight');
    const said = () => all('div', tip).map((line) => line.textContent);
    same('arrow keys begin at a point', said(), ['bound', 'width p: 100', 'error: 0.5']);
    press(box, 'ArrowRight');
    press(box, 'ArrowRight');
    same('to the end', said(), ['bound', 'width p: 10000', 'error: 0.5']);
    fits('the words of the last point too');
    press(box, 'ArrowRight');
    same('and no further', said(), ['bound', 'width p: 10000', 'error: 0.5']);
    press(box, 'ArrowLeft');
    same('to the left', said(), ['bound', 'width p: 1000', 'error: 0.5']);
    press(box, 'ArrowDown');
    same('to the next series', said(), ['mean', 'width p: 1000', 'error: 0.125']);
    press(box, 'ArrowDown');
    same('an interval is said', said(), ['runs <b>', 'width p: 100', 'error: 0.35 in [0.3, 0.4]']);
    press(box, 'ArrowUp');
    same('and back', said()[0], 'mean');
    check('what it says is announced', tip.getAttribute('role') === 'status');
    press(box, 'Escape');
    check('Esc takes it away', !visible(tip));
    const touched = all('.point', svg)[0].getBoundingClientRect();
    box.dispatchEvent(new PointerEvent('pointerdown', { clientX: touched.left + 3, clientY: touched.top + 3, bubbles: true, pointerType: 'touch' }));
    check('a touch shows values', visible(tip));
    box.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'touch' }));
    check('which stay when the finger goes', visible(tip));
  };

  const enlarge = async () => {
    const figure = one('#large-figure-all'), box = one('.plot-box', figure), home = figure.parentElement;
    const small = one('svg', box).getBoundingClientRect().width;
    const dialog = one('dialog.large');
    box.dispatchEvent(new PointerEvent('click', { bubbles: true, pointerType: 'touch' }));
    check('a touch does not enlarge', !dialog.open);
    box.focus();
    press(box, 'Enter');
    check('Enter enlarges', dialog.open && figure.parentElement === dialog);
    const large = one('svg', box).getBoundingClientRect();
    check('it is larger', large.width > small, `${large.width} and ${small}`);
    check('it is whole', innerHeight >= large.bottom && large.top >= 0, `${large.top} to ${large.bottom}`);
    check('points still say their values', (press(box, 'ArrowRight'), visible(one('.tip', box))));
    // What the browser does on Esc.
    const closed = new Promise((done) => { dialog.addEventListener('close', done, { once: true }); });
    dialog.close();
    await closed;
    check('closed, it is in its place', figure.parentElement === home && !dialog.open);
    check('the focus is back', document.activeElement === box);
    box.dispatchEvent(new PointerEvent('click', { bubbles: true, pointerType: 'mouse' }));
    check('a click enlarges', dialog.open);
    one('.shrink', figure).click();
    await pause();
    check('the link closes', !dialog.open && figure.parentElement === home);
    one('.enlarge', figure).click();
    check('the link enlarges', dialog.open && visible(one('.shrink', figure)));
    dialog.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await pause();
    check('a click beside it closes', !dialog.open);
    location.hash = '#large-figure-all';
    await pause();
    check('an address enlarges', getComputedStyle(figure).position === 'fixed');
    press(document.body, 'Escape');
    await pause();
    check('and Esc closes it', getComputedStyle(figure).position !== 'fixed');
  };

  const copy = async () => {
    const lines = all('code.line'), buttons = all('button.copy');
    same('a button for each command', buttons.length, lines.length);
    const button = lines[0].nextElementSibling;
    check('beside it', button.matches('button.copy'));
    const expected = "alignproof verify --profile quick --seed 1 --claims 'T1,<script>'";
    let copied = null;
    const clipboard = (writeText) => Object.defineProperty(navigator, 'clipboard', { value: writeText && { writeText }, configurable: true });
    clipboard(async (text) => { copied = text; });
    button.click();
    await pause();
    same('the line is copied', copied, expected);
    same('the button says so', button.textContent, 'copied');
    // Pages from a file may have no clipboard, or one that refuses.
    for (const [how, writeText] of [['refuses', async () => { throw new Error('no'); }], ['is missing', undefined]]) {
      clipboard(writeText);
      let selected = null;
      document.execCommand = (command) => {
        selected = command === 'copy' ? document.activeElement.value : null;
        return true;
      };
      button.click();
      await pause();
      same(`where the clipboard ${how}, what is selected is copied`, selected, expected);
      document.execCommand = () => false;
      button.click();
      await pause();
      same(`or at least selected where that ${how} too`, getSelection().toString(), expected);
    }
    check('nothing is left behind', !one('textarea'));
  };

  const listed = ['T1', 'T2', 'T10', 'ID', 'T3', 'EX', 'NEG', 'NAN', 'INF', '<script>pwned = 2<\/script>'];
  const sort = () => {
    const head = (name) => all('table.claims th[scope=col]').find((cell) => cell.textContent.startsWith(name));
    const sorted = (name) => {
      one('button', head(name)).click();
      return ids();
    };
    same('as listed at first', ids(), listed);
    check('every column has a button', all('table.claims thead th').every((cell) => one('button', cell)));
    const upwards = ['NEG', 'ID', 'T3', 'T1', listed[9], 'EX', 'T2', 'INF', 'T10', 'NAN'];
    same('by ratio, as numbers', sorted('ratio'), upwards);
    same('which is announced', head('ratio').getAttribute('aria-sort'), 'ascending');
    same('downwards, what has no value last', sorted('ratio'), ['INF', 'T2', 'EX', 'T1', listed[9], 'T3', 'ID', 'NEG', 'T10', 'NAN']);
    same('announced too', head('ratio').getAttribute('aria-sort'), 'descending');
    same('as listed again', sorted('ratio'), listed);
    same('nothing is sorted by', head('ratio').getAttribute('aria-sort'), 'none');
    same('by verdict, from best to worst', sorted('verdict'), ['ID', 'T1', 'T3', listed[9], 'EX', 'NEG', 'T10', 'INF', 'T2', 'NAN']);
    same('by name, numbers as numbers', sorted('claim').filter((id) => id[0] === 'T'), ['T1', 'T2', 'T3', 'T10']);
    check('it stands in the address', location.hash.includes('sort=claim'), location.hash);
    sorted('claim'), sorted('claim');
    const order = one('select[name=order]');
    order.value = 'ratio';
    order.dispatchEvent(new Event('change'));
    same('the list of orders does the same', ids(), upwards);
    order.value = '';
    order.dispatchEvent(new Event('change'));
    same('and takes it back', ids(), listed);
  };

  const filter = async () => {
    const form = one('form.filter'), { text, verdict } = form.elements;
    const type = (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    check('there is a filter', visible(form));
    same('of the verdicts that are there', [...verdict.options].map((option) => option.textContent),
      ['all', 'exact (1)', 'holds (3)', 'sampled (2)', 'undecided (2)', 'refuted (1)', 'invalid (1)']);
    type(text, 'title T1');
    same('by words', ids(), ['T1', 'T10']);
    type(text, 'LEVEL 0.9');
    same('in any order and case', ids(), ['T1', 'T3']);
    type(verdict, 'holds');
    same('by words and verdict', ids(), ['T1', 'T3']);
    same('it says how many', one('output', form).textContent, '2 of 10 claims');
    same('it stands in the address', location.hash, '#claims?text=LEVEL+0.9&verdict=holds');
    type(text, '<script>');
    same('markup is only words', ids(), [listed[9]]);
    type(text, ''), type(verdict, '');
    same('all are back', ids(), listed);
    location.hash = '#claims?text=title&verdict=undecided&sort=ratio&down=1';
    await pause();
    same('an address brings filter and order', ids(), ['INF', 'T10']);
    location.hash = '#claims?text=&sort=nothing&verdict=nonsense';
    await pause();
    same('one that is wrong brings all', ids(), listed);
    same('and says so', verdict.selectedOptions[0].textContent, 'all');
  };

  const safe = () => {
    check('no words of the record ran as a script', window.pwned === undefined, window.pwned);
    same('scripts are those of the page, and this one', all('script').length, 5);
    const links = all('a.certificate');
    check('certificates are linked beside the page', links.length >= 5 &&
      links.every((link) => link.href.startsWith(new URL('certificates/', location.href).href)));
  };

  // The rules of print, laid over the screen.
  const print = async () => {
    const smoke = one('details.smoke');
    check('runs at scale smoke are folded away', !smoke.open);
    dispatchEvent(new Event('beforeprint'));
    check('paper shows them', smoke.open && all('details').every((details) => details.open));
    for (const sheet of document.styleSheets)
      for (const rule of sheet.cssRules)
        if (rule.media && rule.media.mediaText === 'print') rule.media.mediaText = 'all';
    same('no buttons on paper', all('button.copy, .view, nav, .filter input, .filter select').filter(visible).length, 0);
    check('the figures are there', all('svg.plot').every(visible));
    check('they are not cut', all('figure').every((figure) => getComputedStyle(figure).breakInside === 'avoid'));
    dispatchEvent(new Event('afterprint'));
    check('and folds them again', !smoke.open);
    smoke.open = false;
    check('without scripts too', visible(one('.simulation svg', smoke)));
    for (const sheet of document.styleSheets)
      for (const rule of sheet.cssRules)
        if (rule.media && rule.media.mediaText === 'all') rule.media.mediaText = 'print';
  };

  const bare = async () => {
    same('there are no scripts but this one', all('script').length, 1);
    same('no buttons without scripts', all('button').filter(visible).length, 0);
    check('no filter that does nothing', !visible(one('form.filter')));
    check('all claims are shown', all('table.claims tbody tr').every(visible));
    check('all claims are there in detail', all('section.claim').every(visible));
    check('every point has a title', all('.point').length > 0 && all('.point').every((point) => one('title', point)));
    const figure = one('#figures figure'), svg = one('svg', figure);
    check('figures are shown', visible(svg));
    const small = svg.getBoundingClientRect().width;
    check('with a link that enlarges', visible(one('.enlarge', figure)) && !visible(one('.shrink', figure)));
    one('.enlarge', figure).click();
    await pause();
    const style = getComputedStyle(figure);
    check('it covers the page', style.position === 'fixed' && figure.getBoundingClientRect().width >= WIDTH - 20);
    check('the figure is no smaller', svg.getBoundingClientRect().width >= small);
    check('with a link back', visible(one('.shrink', figure)));
    one('.shrink', figure).click();
    await pause();
    check('which closes it', getComputedStyle(figure).position !== 'fixed');
  };

  const real = async () => {
    check('the published tables are there', all('#shipped .simulation svg.plot').length === 4);
    check('the claims are sorted on a narrow page too', visible(one('.filter .order')) === (840 > WIDTH));
    const box = one('#figures .plot-box');
    box.focus();
    press(box, 'ArrowRight');
    check('a point says its values', visible(one('.tip', box)));
    const wide = document.scrollingElement.scrollWidth;
    check('nor does it scroll then', WIDTH >= wide, wide);
    press(box, 'Enter');
    check('a figure enlarges', one('dialog.large').open);
    check('and fits', one('dialog.large').scrollWidth === one('dialog.large').clientWidth);
  };

  const parts = {
    'made-up': [layout, safe, sort, filter, copy, hover, enlarge, print],
    'real': [layout, real],
    'bare': [layout, bare],
  };
  try {
    for (const part of parts[MODE]) await part();
  } catch (error) {
    found.push(`FAIL ${error.stack}`);
  }
  found.push(`done ${found.length} checks`);
  const findings = document.createElement('pre');
  findings.id = 'findings';
  findings.textContent = `\n${found.join('\n')}\n`;
  document.body.append(findings);
})();

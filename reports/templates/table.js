// SPDX-License-Identifier: Apache-2.0
// The table of claims: sorted by a column, filtered by words and verdict. What is chosen stands in the address
// after #claims?, so that it can be passed on.
(() => {
  'use strict';

  const table = document.querySelector('table.claims'), form = document.querySelector('form.filter');
  if (!table || !form) return;
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const { text, verdict, order } = form.elements, output = form.querySelector('output');
  const names = heads.map((head) => head.textContent.trim());
  let state = { column: '', down: false };

  // Parts of a cell stand on lines of their own: no word begins in one and ends in the next.
  const words = (row) => [...row.cells].flatMap((cell) => [...cell.childNodes])
    .map((node) => node.textContent.toLowerCase()).join(' ');
  const keyOf = (row, column) => {
    const { sort } = row.cells[column].dataset;
    if (sort === undefined) return row.cells[column].textContent.trim();
    return sort === '' ? null : Number(sort);
  };

  // What has no value stands last in either direction; equals stay as they are listed.
  const compare = (a, b, down) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const sign = typeof a === 'string' ? a.localeCompare(b, 'en', { numeric: true }) : Math.sign(a - b);
    return (down ? -sign : sign) || 0;
  };

  const sort = () => {
    const column = names.indexOf(state.column);
    const sorted = [...rows];
    if (column >= 0) sorted.sort((a, b) => compare(keyOf(a, column), keyOf(b, column), state.down));
    body.append(...sorted);
    heads.forEach((head, i) => {
      const way = i !== column ? 'none' : state.down ? 'descending' : 'ascending';
      head.setAttribute('aria-sort', way);
    });
    order.value = state.column ? `${state.column}${state.down ? ' down' : ''}` : '';
  };

  const filter = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => words(row).includes(word)) &&
        (!verdict.value || row.querySelector('.verdict').dataset.verdict === verdict.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    output.value = `${shown} of ${rows.length} claims`;
  };

  const remember = () => {
    const query = new URLSearchParams();
    if (text.value) query.set('text', text.value);
    if (verdict.value) query.set('verdict', verdict.value);
    if (state.column) query.set('sort', state.column);
    if (state.column && state.down) query.set('down', '1');
    try {
      history.replaceState(null, '', query.size ? `#claims?${query}` : '#claims');
    } catch { /* where a page has no history, it still sorts */ }
  };

  const recall = () => {
    if (!location.hash.startsWith('#claims?')) return false;
    const query = new URLSearchParams(location.hash.slice('#claims?'.length));
    text.value = query.get('text') || '';
    verdict.value = query.get('verdict') || '';
    if (verdict.selectedIndex === -1) verdict.value = '';
    const column = query.get('sort');
    state = names.includes(column) ? { column, down: query.has('down') } : { column: '', down: false };
    return true;
  };

  const apply = () => {
    sort();
    filter();
  };

  // A press sorts upwards, the next one downwards, the third as listed.
  heads.forEach((head, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = names[i];
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      if (state.column !== names[i]) state = { column: names[i], down: false };
      else state = state.down ? { column: '', down: false } : { column: names[i], down: true };
      sort();
      remember();
    });
    for (const [value, label] of [[names[i], 'upwards'], [`${names[i]} down`, 'downwards']])
      order.append(new Option(`${names[i]}, ${label}`, value));
  });

  order.addEventListener('change', () => {
    const down = order.value.endsWith(' down');
    state = { column: down ? order.value.slice(0, -' down'.length) : order.value, down };
    sort();
    remember();
  });
  for (const field of [text, verdict])
    field.addEventListener('input', () => {
      filter();
      remember();
    });
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('hashchange', () => { if (recall()) apply(); });

  form.hidden = false;
  table.classList.add('sortable');
  const recalled = recall();
  apply();
  if (recalled) document.getElementById('claims').scrollIntoView();
})();

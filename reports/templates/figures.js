// SPDX-License-Identifier: Apache-2.0
// Figures: the point nearest to the pointer says its values, arrow keys go from point to point, and a click or
// Enter shows the figure large.
(() => {
  'use strict';

  const reach = 36;  // how far from a point the pointer may be, in units of the drawing

  // Points of all series of a figure. Their titles move here, or the browser would show them too.
  const pointsOf = (svg) => [...svg.querySelectorAll('.series')].flatMap((series, place) =>
    [...series.querySelectorAll('.point')].map((element) => {
      const title = element.querySelector('title');
      const words = title.textContent;
      title.remove();
      return { element, words, series, place, x: +element.getAttribute('cx'), y: +element.getAttribute('cy') };
    }));

  class Plot {
    constructor(box) {
      this.box = box;
      this.svg = box.querySelector('svg.plot');
      this.points = null;
      this.at = null;
      box.addEventListener('pointermove', (event) => this.follow(event));
      box.addEventListener('pointerdown', (event) => this.follow(event));
      box.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') this.leave(); });
      box.addEventListener('blur', () => this.leave());
      box.addEventListener('keydown', (event) => this.key(event));
    }

    begin() {
      if (this.points) return;
      this.points = pointsOf(this.svg);
      this.tip = document.createElement('div');
      this.tip.className = 'tip';
      this.tip.setAttribute('role', 'status');
      this.tip.hidden = true;
      this.box.append(this.tip);
    }

    follow(event) {
      this.begin();
      const matrix = this.svg.getScreenCTM();
      if (!matrix) return;
      const mouse = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      let nearest = null, least = reach;
      for (const point of this.points) {
        const distance = Math.hypot(point.x - mouse.x, point.y - mouse.y);
        if (least > distance) [nearest, least] = [point, distance];
      }
      if (nearest) this.show(nearest);
      else this.leave();
    }

    show(point) {
      if (this.at === point) return;
      this.leave();
      this.at = point;
      point.element.classList.add('at');
      const labels = { x: this.svg.dataset.x, y: this.svg.dataset.y };
      this.tip.replaceChildren(...point.words.split('\n').map((line) => {
        const row = document.createElement('div');
        const value = /^([xy]) = (.*)$/.exec(line);
        const label = document.createElement('span');
        label.textContent = value ? `${labels[value[1]] || value[1]}: ` : line;
        if (value) label.className = 'label';
        else row.className = 'name';
        row.append(label);
        if (value) {
          const number = document.createElement('b');
          number.textContent = value[2];
          row.append(number);
        }
        return row;
      }));
      this.tip.style.setProperty('--of', getComputedStyle(point.series).color);
      this.tip.hidden = false;
      this.place(point);
    }

    // Beside the point, inside the box: right of it where there is room, above or below it.
    place(point) {
      const box = this.box.getBoundingClientRect(), mark = point.element.getBoundingClientRect();
      const { offsetWidth: width, offsetHeight: height } = this.tip;
      const x = mark.left + mark.width / 2 - box.left, y = mark.top + mark.height / 2 - box.top;
      const left = box.width - width > x + 14 ? x + 14 : x - width - 14;
      const top = y - height - 10 > 0 ? y - height - 10 : y + 14;
      this.tip.style.left = `${Math.max(0, Math.min(left, box.width - width)) + this.box.scrollLeft}px`;
      this.tip.style.top = `${Math.max(0, Math.min(top, box.height - height))}px`;
    }

    leave() {
      if (!this.at) return;
      this.at.element.classList.remove('at');
      this.at = null;
      this.tip.hidden = true;
    }

    // Left and right inside a series, by x; up and down to the nearest point of the next series.
    step(key) {
      this.begin();
      if (!this.points.length) return;
      const now = this.at;
      if (!now) {
        this.show(this.points[0]);
        return;
      }
      const places = [...new Set(this.points.map((point) => point.place))];
      const of = (place) => this.points.filter((point) => point.place === place).sort((a, b) => a.x - b.x);
      if (key === 'ArrowLeft' || key === 'ArrowRight') {
        const row = of(now.place);
        const next = row[row.indexOf(now) + (key === 'ArrowRight' ? 1 : -1)];
        if (next) this.show(next);
        return;
      }
      const count = places.length, turn = key === 'ArrowDown' ? 1 : count - 1;
      const row = of(places[(places.indexOf(now.place) + turn) % count]);
      this.show(row.reduce((a, b) => (Math.abs(b.x - now.x) >= Math.abs(a.x - now.x) ? a : b)));
    }

    key(event) {
      if (event.key.startsWith('Arrow')) {
        this.step(event.key);
        event.preventDefault();
      } else if (event.key === 'Enter') {
        enlarge(this.box.closest('figure'));
        event.preventDefault();
      } else if (event.key === 'Escape' && this.at) {
        this.leave();
        event.preventDefault();
        event.stopPropagation();
      }
    }
  }

  // One dialog for all figures: the figure goes into it and back to its place.
  const dialog = document.createElement('dialog');
  dialog.className = 'large';
  document.body.append(dialog);
  let place = null, from = null;

  const putBack = () => {
    const figure = dialog.firstElementChild;
    if (!figure) return;
    place.append(figure);
    place.style.minHeight = '';
    if (from) from.focus({ preventScroll: true });
  };

  const shrink = () => {
    dialog.close();
    putBack();
  };

  const enlarge = (figure) => {
    if (!figure || dialog.open) return;
    putBack();
    from = document.activeElement;
    place = figure.parentElement;
    place.style.minHeight = `${figure.offsetHeight}px`;
    dialog.setAttribute('aria-label', figure.querySelector('figcaption b').textContent);
    dialog.append(figure);
    dialog.showModal();
    figure.querySelector('.plot-box').focus();
  };

  dialog.addEventListener('close', putBack);  // Esc
  dialog.addEventListener('click', (event) => { if (event.target === dialog) shrink(); });

  for (const figure of document.querySelectorAll('figure')) {
    const box = figure.querySelector('.plot-box');
    if (!box) continue;
    new Plot(box);
    box.classList.add('lively');
    box.addEventListener('click', (event) => { if (event.pointerType !== 'touch') enlarge(figure); });
    figure.querySelector('.enlarge').addEventListener('click', (event) => {
      event.preventDefault();
      enlarge(figure);
    });
    figure.querySelector('.shrink').addEventListener('click', (event) => {
      if (!dialog.open) return;
      event.preventDefault();
      shrink();
    });
  }

  // A figure that is the target of the address covers the page without scripts too; with them Esc closes it.
  addEventListener('keydown', (event) => {
    const target = document.querySelector('figure:target');
    if (event.key !== 'Escape' || dialog.open || !target) return;
    location.replace(target.querySelector('.shrink').href);
  });
})();

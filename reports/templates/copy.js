// SPDX-License-Identifier: Apache-2.0
// A button beside each command line that copies it.
(() => {
  'use strict';

  // Where a page may not use the clipboard itself, it may still copy what is selected.
  const copySelected = (text) => {
    const field = document.createElement('textarea');
    field.value = text;
    field.setAttribute('readonly', '');
    field.style.cssText = 'position:fixed;top:0;left:0;opacity:0';
    document.body.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    if (!copied) throw new Error('not copied');
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copySelected(text);
    }
  };

  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  for (const line of document.querySelectorAll('code.line')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'copy';
    button.setAttribute('aria-live', 'polite');
    button.title = 'Copy this command line';
    button.addEventListener('click', async () => {
      try {
        await copy(line.textContent);
        button.textContent = 'copied';
      } catch {
        select(line);
        button.textContent = 'selected';
      }
      button.focus();
      setTimeout(() => { button.textContent = 'copy'; }, 1600);
    });
    line.after(' ', button);
  }
})();

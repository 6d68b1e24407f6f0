import type { View } from './view.js';

/** What the buttons of a card do. */
export interface Actions {
  cancel(): void;
  retry(): void;
  remove(): void;
}

/** The part of the page that shows one film. */
export interface Card {
  readonly element: HTMLElement;
  show(view: View, requests: { readonly made: number; readonly retried: number }): void;
}

/** Makes a card from the template of the page. */
export function makeCard(actions: Actions): Card {
  const template = document.querySelector<HTMLTemplateElement>('#card')!;
  const element = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
  const part = (name: string): HTMLElement => element.querySelector<HTMLElement>(`.${name}`)!;
  const bar = part('bar') as HTMLProgressElement;
  const link = part('watch') as HTMLAnchorElement;
  const picture = part('picture') as HTMLImageElement;
  const cancel = part('cancel') as HTMLButtonElement;
  const retry = part('retry') as HTMLButtonElement;
  const remove = part('remove') as HTMLButtonElement;
  cancel.addEventListener('click', () => {
    if (cancel.ariaDisabled !== 'true') actions.cancel();
  });
  retry.addEventListener('click', () => actions.retry());
  remove.addEventListener('click', () => actions.remove());

  return {
    element,
    show({ state, title, label, detail, progress, canCancel, url }, { made, retried }) {
      element.dataset['state'] = state;
      part('title').textContent = title;
      part('label').textContent = label;
      part('detail').textContent = detail;
      part('requests').textContent = `Requests: ${made}, retried: ${retried}`;
      part('percent').textContent = progress === undefined ? '' : `${Math.round(progress * 100)} %`;
      bar.ariaLabel = `Progress of ${title}`;
      bar.hidden = state === 'unknown' && progress === undefined;
      if (progress === undefined) bar.removeAttribute('value');
      else bar.value = progress;
      link.hidden = url === undefined;
      picture.hidden = url === undefined;
      if (url !== undefined) {
        link.href = url;
        picture.src = url;
      }

      const hasEnded = ['cancelled', 'done', 'failed', 'unknown'].includes(state);
      const hadFocus = document.activeElement === cancel || document.activeElement === retry;
      // Not `disabled`, which would take the focus away.
      cancel.ariaDisabled = String(!canCancel);
      cancel.hidden = hasEnded;
      retry.hidden = state !== 'unknown';
      remove.hidden = !hasEnded;
      if (hadFocus && (document.activeElement as HTMLElement).hidden) {
        (hasEnded ? remove : cancel).focus();
      }
      for (const control of [link, cancel, retry, remove]) {
        control.ariaLabel = `${control.textContent}: ${title}`;
      }
    },
  };
}

// A plugin of TypeDoc: a page is called by its first heading, as most of them are files called README.md.

import { Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} app - What it is a plugin of. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const document of project.getReflectionsByKind(ReflectionKind.Document)) {
      const text = document.content.map(({ text: part }) => part).join('');
      document.name = /^# (.+)$/m.exec(text)?.[1] ?? document.name;
    }
  });
}

import {
  ApiClass,
  ApiConstructor,
  ApiInterface,
  type ApiItem,
  ApiMethod,
  ApiPropertyItem,
} from '@microsoft/api-extractor-model';
import { commentOf } from './comment.ts';
import { code, fenced, table } from './markdown.ts';

/** What people look for first; all else follows by name. */
const FIRST = ['ProficiencyExporter', 'ProficiencyExporterProps', 'ExporterSettingsProps'];

const rank = ({ displayName }: ApiItem): number => {
  const at = FIRST.indexOf(displayName);
  return at === -1 ? FIRST.length : at;
};

/** A type with a link where the reference describes it. */
function linked(type: string, described: ReadonlySet<string>): string {
  return described.has(type) ? `[${code(type)}](#${type.toLowerCase()})` : code(type);
}

function typeOf(property: ApiPropertyItem, described: ReadonlySet<string>): string {
  const { text } = property.propertyTypeExcerpt;
  return linked(property.isOptional ? text.replace(/ \| undefined$/, '') : text, described);
}

/** Without those that have no type of their own: constants, such as the name of an error. */
const propertiesOf = ({ members }: ApiItem): ApiPropertyItem[] =>
  members
    .filter((member) => member instanceof ApiPropertyItem)
    .filter(({ propertyTypeExcerpt }) => !propertyTypeExcerpt.isEmpty);

/** `value - reason`, or `- what takes its place`. */
function defaultText(byDefault: string): string {
  const [, value = '', reason] = /^(.*?)(?:(?:^| )- (.*))?$/s.exec(byDefault) ?? [];
  return [value && code(value), reason].filter(Boolean).join(': ');
}

function propsTable(item: ApiInterface, described: ReadonlySet<string>): string[] {
  const rows = propertiesOf(item).map((prop) => {
    const { text, byDefault = '' } = commentOf(prop);
    const otherwise = prop.isOptional ? defaultText(byDefault) : '(required)';
    return [code(prop.displayName), typeOf(prop, described), text, otherwise];
  });
  return table(['prop', 'type', 'meaning', 'default'], rows);
}

function describeInterface(item: ApiInterface, described: ReadonlySet<string>): string[] {
  const parents = item.extendsTypes.map(({ excerpt }) => linked(excerpt.text, described));
  return [
    `### ${item.displayName}`,
    commentOf(item).text,
    ...(parents.length > 0 ? [`It also has the props of ${parents.join(' and ')}.`] : []),
    ...propsTable(item, described),
  ];
}

const throwsOf = (item: ApiItem): string[] =>
  commentOf(item).throws.map((what) => `It throws ${what.replace(/\.?$/, '.')}`);

const signatureOf = (item: ApiConstructor | ApiMethod): string =>
  item.excerpt.text.replace(/;$/, '');

function describeClass(item: ApiClass, described: ReadonlySet<string>): string[] {
  const constructors = item.members.filter((member) => member instanceof ApiConstructor);
  const methods = item.members.filter((member) => member instanceof ApiMethod);
  const properties = propertiesOf(item).map((property) => [
    code(property.displayName),
    typeOf(property, described),
    commentOf(property).text,
  ]);
  return [
    `### ${item.displayName}`,
    commentOf(item).text,
    ...constructors.flatMap((one) => [
      fenced(signatureOf(one).replace(/^constructor/, `new ${item.displayName}`)),
      ...throwsOf(one),
    ]),
    ...table(['property', 'type', 'meaning'], properties),
    ...methods.flatMap((method) => [
      `#### ${method.displayName}`,
      fenced(signatureOf(method)),
      commentOf(method).text,
      ...throwsOf(method),
    ]),
  ];
}

/** What an app can make of the construct, as paragraphs. */
export function describeConstruct(exported: readonly ApiItem[]): string[] {
  const described = new Set(exported.map(({ displayName }) => displayName));
  return [...exported]
    .sort((one, other) => rank(one) - rank(other))
    .flatMap((item) => {
      if (item instanceof ApiClass) return describeClass(item, described);
      if (item instanceof ApiInterface) return describeInterface(item, described);
      throw new Error(
        `${item.displayName} is a ${item.kind}, which the reference cannot describe.`,
      );
    });
}

import type { Call } from '../operations.ts';
import type { PredefinedAttribute } from '../people/predefined-attributes.ts';
import type { Backend } from './backend.ts';
import type { Fields } from './criteria.ts';
import { notFound } from './errors.ts';
import { lastModified } from './json.ts';
import { listing, search } from './listing.ts';
import { sourceOf } from './paging.ts';

/** The answer of ListPredefinedAttributes: names without values. */
export function listPredefinedAttributes(call: Call, backend: Backend): string {
  const { entries, nextToken } = listing('ListPredefinedAttributes', call, backend).take(
    sourceOf(backend.dataset.predefinedAttributes),
  );
  return JSON.stringify({
    PredefinedAttributeSummaryList: entries.map(({ name, modifiedAt }) => ({
      Name: name,
      ...lastModified(modifiedAt),
    })),
    NextToken: nextToken,
  });
}

const described = ({ name, values, purposes, modifiedAt }: PredefinedAttribute) => ({
  Name: name,
  Values: { StringList: values },
  Purposes: purposes,
  AttributeConfiguration: { EnableValueValidationOnAssociation: false, IsReadOnly: false },
  ...lastModified(modifiedAt),
});

/** By what attributes can be searched. AWS does not say; the name is all that they have. */
const FIELDS: Fields<PredefinedAttribute> = { strings: { name: ({ name }) => [name] } };

/** The answer of SearchPredefinedAttributes. */
export function searchPredefinedAttributes(call: Call, backend: Backend): string {
  const { entries, nextToken, total } = search(
    'SearchPredefinedAttributes',
    call,
    backend,
    backend.dataset.predefinedAttributes,
    FIELDS,
  );
  return JSON.stringify({
    PredefinedAttributes: entries.map(described),
    NextToken: nextToken,
    ApproximateTotalCount: total,
  });
}

/** The answer of DescribePredefinedAttribute. */
export function describePredefinedAttribute({ name = '' }: Call, { dataset }: Backend): string {
  const attribute = dataset.predefinedAttributes.find((one) => one.name === name);
  if (attribute === undefined) {
    throw notFound(`The predefined attribute ${name} does not exist.`);
  }
  return JSON.stringify({ PredefinedAttribute: described(attribute) });
}

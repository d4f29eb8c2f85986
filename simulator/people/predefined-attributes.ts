import { ABOUT, fraction, hashText } from '../random.ts';
import { timeOn } from './calendar.ts';
import { SKILLS, type Skill, STOCK_ITEM } from './vocabulary.ts';

/** An attribute that is defined in the instance, whether or not anybody has it. */
export interface PredefinedAttribute extends Skill {
  /** What it is for, in the words of whoever made it. */
  readonly purposes: readonly string[];
  readonly modifiedAt: Date;
}

const FOR_ROUTING = ['Routing'];

/** Values that were taken from their attribute, while some people still have them. */
const RETIRED: Readonly<Record<string, readonly string[]>> = {
  Certification: ['Complaints level 1'],
  Product: ['Pay-as-you-go 5G', 'Fibre "Gigabit"'],
};

/** Values that nobody has yet. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  Language: ['Suomi', 'Gaeilge'],
  Certification: ['Data protection 2027'],
};

/** Attributes that no user has. */
const UNUSED_ATTRIBUTES: ReadonlyArray<Skill & Pick<PredefinedAttribute, 'purposes'>> = [
  { name: 'Coaching', values: ['Mentor', 'Assessor'], purposes: FOR_ROUTING },
  { name: 'Accreditation', values: [], purposes: FOR_ROUTING },
  // Set on contacts, not on users.
  { name: 'Business unit', values: ['Retail', 'Wholesale'], purposes: ['Contacts'] },
];

/** More than somebody has who has many. */
const STOCK_ITEMS = Array.from(
  { length: 260 },
  (_, item) => `SKU-${String(item + 1).padStart(4, '0')}`,
);

/**
 * The predefined attributes of a seed's instance: those that people have, with values retired and values unused, and those that
 * nobody has.
 *
 * @param hasStock whether some users have a stock item
 */
export function createPredefinedAttributes(
  seed: number,
  hasStock: boolean,
): readonly PredefinedAttribute[] {
  const skills = hasStock ? [...SKILLS, { name: STOCK_ITEM, values: STOCK_ITEMS }] : SKILLS;
  const held = skills.map(({ name, values }) => ({
    name,
    values: [...values.filter((value) => !RETIRED[name]?.includes(value)), ...(UNUSED[name] ?? [])],
    purposes: FOR_ROUTING,
  }));
  return [...held, ...UNUSED_ATTRIBUTES].map((attribute) => ({
    ...attribute,
    modifiedAt: timeOn(0, fraction(seed, hashText(attribute.name), ABOUT.predefinedAttribute)),
  }));
}

/** What the simulated contact centre's people are called, where they work and what they can do: made up, the commonest first. */

const list = (text: string): readonly string[] => text.trim().split(/,\s+/);

export const FIRST_NAMES = list(`
  Maria, James, Aisha, Wei, Sofia, Mohammed, Anna, David, Priya, Lucas, Fatima, Thomas, Yuki, Elena, Carlos, Emma,
  Kwame, Olga, Sean, Ingrid, Zoë, Søren, Łukasz, José, Chloé, Jürgen, Nguyễn, Γιώργος, 花子, محمد`);

export const LAST_NAMES = list(`
  Garcia, Smith, Khan, Chen, Silva, Müller, Kowalski, Patel, Rossi, Tanaka, Johnson, Okafor, Ivanova, Dubois, Haddad,
  Nielsen, O'Brien, D'Angelo, van der Berg, Åkesson, Núñez, Çelik, Παπαδόπουλος, 山田, الحسن`);

/** The groups of each level below the one before; a site has all departments, and a department all teams. */
export const SITES = list('Manchester, Lisboa, Łódź, 大阪, العين');
export const TECHNICAL_SUPPORT = 'Technical support';
export const DEPARTMENTS = ['Service', 'Sales', TECHNICAL_SUPPORT, 'Claims & complaints'];
export const TEAMS = list('Team A, Team B, Team C');
/** Technical support never closes: only its teams have levels below. */
export const SHIFTS = list('Early, Late');
export const STANDBY = 'Standby';

/** A predefined attribute and its values. */
export interface Skill {
  readonly name: string;
  readonly values: readonly string[];
}

/** What everybody with any skill has at least one of. */
export const LANGUAGE: Skill = {
  name: 'Language',
  values: list(`
    English, Spanish, French, German, Portuguese (Brazil), Italian, Dutch, Mandarin, Arabic, Japanese, Polish, Hindi,
    Français (Québec), Türkçe, Ελληνικά, 한국어, Íslenska, Cymraeg`),
};

/** All attributes that people usually have. */
export const SKILLS: readonly Skill[] = [
  LANGUAGE,
  {
    name: 'Product',
    values: list(`
      Current account, Credit card, Savings, Mortgage, Home insurance, Car insurance, Business banking, Pensions,
      Trading & funds, Pay-as-you-go 5G, Fibre "Gigabit"`),
  },
  { name: 'Channel', values: list('Voice, Chat, E-mail, Task, Social media, Video') },
  {
    name: 'Certification',
    values: list(`
      Data protection 2026, PCI DSS, Complaints level 1, Complaints level 2, Vulnerable customers, Fraud desk,
      FCA – mortgage advice, First aid`),
  },
  { name: 'Customer segment', values: list('Retail, Small business, Premium, Private, Staff') },
  {
    name: 'Technical support',
    values: list('Router, Mobile app, Billing portal, Smart home, Open API'),
  },
];

/** What the users with more than a page of proficiencies have: one value per stock item. */
export const STOCK_ITEM = 'Stock item';

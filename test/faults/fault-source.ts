const people = 240;
const groups = 12;

const id = (i: number) => `E${String(i).padStart(6, '0')}`;

/**
 * State n of a source of people, groups and members. Each differs from the one before by inserts, updates and deletes of
 * resources and of links, beyond the default limits; odd ones have a row that is rejected and a link that leads nowhere.
 */
export function sourceFiles(n: number): Record<string, string> {
  let persons = 'id,name,mail,manager\n';
  let members = 'group,person\n';
  for (let i = n; i < people + n; i++) {
    const name = `Name ${String(i)}${i % 5 === n % 5 ? ` ${String(n)}` : ''}`;
    const manager = i > n + 10 ? id(n + Math.floor((i - n) / 10)) : '';
    persons += `${id(i)},${name},m${String(i)}@example.org,${manager}\n`;
    members += `G${String(i % groups)},${id(i)}\nG${String((i * 7 + n) % groups)},${id(i)}\n`;
  }
  if (n % 2 === 1) {
    persons += `${id(n + 20)},Another of the same key,,\n`;
    members += 'G0,nobody\n';
  }
  let titles = 'id,title\n';
  for (let i = 0; i < groups; i++) titles += `G${String(i)},Group ${String(i)}${i === n % groups ? ' new' : ''}\n`;
  return { 'people.csv': persons, 'groups.csv': titles, 'members.csv': members };
}

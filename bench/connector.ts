/** High enough that nothing of a scenario is held but the first sync, which always is. */
export const thresholds = {
  maximumInsertedLines: 1_000_000,
  maximumUpdatedLines: 1_000_000,
  maximumDeletedLines: 1_000_000,
  maximumLinkInsertedLines: 1_000_000,
  maximumLinkUpdatedLines: 1_000_000,
  maximumLinkDeletedLines: 1_000_000,
  maxPercentageInsertedLines: 1000,
  maxPercentageUpdatedLines: 99.9,
  maxPercentageDeletedLines: 99.9,
  maxLinkPercentageInsertedLines: 1000,
  maxLinkPercentageUpdatedLines: 99.9,
  maxLinkPercentageDeletedLines: 99.9,
  maximumRejectedLines: 1_000_000,
  maxPercentageRejectedLines: 99.9,
};

/** Each of the 25 columns of users is read: 23 as properties, two as links. */
const userProperties = {
  employeeId: { column: 'employee_id' },
  userName: { column: 'user_name' },
  firstName: { column: 'first_name' },
  lastName: { column: 'last_name' },
  displayName: { column: 'display_name' },
  mail: { column: 'mail' },
  phone: { column: 'phone' },
  mobile: { column: 'mobile' },
  title: { column: 'title' },
  department: { column: 'department' },
  costCenter: { column: 'cost_center' },
  company: { column: 'company' },
  office: { column: 'office' },
  street: { column: 'street' },
  postalCode: { column: 'postal_code' },
  city: { column: 'city' },
  country: { column: 'country' },
  startDate: { column: 'start_date', type: 'date', format: 'dd/MM/yyyy' },
  endDate: { column: 'end_date', type: 'date', format: 'dd/MM/yyyy' },
  weeklyHours: { column: 'weekly_hours', type: 'integer' },
  badgeNumber: { column: 'badge_number', type: 'integer' },
  active: { column: 'active', type: 'boolean', format: 'yes|no' },
  lastLogin: { column: 'last_login', type: 'dateTime' },
};

/** Names of the entity types, which are unique over all connectors. */
export const typesOf = (name: string) => {
  const prefix = name.replaceAll('-', '_');
  return { users: `${prefix}_User`, 'org-units': `${prefix}_OrgUnit`, groups: `${prefix}_Group` };
};

/** The connector file over the generated files in `<root>/<name>`; delta files lie in `<root>/<name>-delta`. */
export function connectorFile(name: string) {
  const types = typesOf(name);
  return {
    apiVersion: 'syncline/v1',
    kind: 'Connector',
    name,
    thresholds,
    connections: [
      {
        name: 'files',
        package: 'csv',
        settings: { directory: name, delta: { directory: `${name}-delta`, commandColumn: 'command' } },
      },
    ],
    entityTypes: [
      {
        name: types['org-units'],
        source: { connection: 'files', table: 'org-units.csv' },
        key: ['unitId'],
        label: 'name',
        properties: {
          unitId: { column: 'unit_id' },
          name: { column: 'name' },
          costCenter: { column: 'cost_center' },
        },
        navigationProperties: { parent: { to: types['org-units'], column: 'parent' } },
      },
      {
        name: types.users,
        source: { connection: 'files', table: 'users.csv' },
        key: ['employeeId'],
        label: 'displayName',
        properties: userProperties,
        navigationProperties: {
          organization: { to: types['org-units'], column: 'org_unit' },
          manager: { to: types.users, column: 'manager' },
        },
      },
      {
        name: types.groups,
        source: { connection: 'files', table: 'groups.csv' },
        key: ['groupId'],
        label: 'name',
        properties: {
          groupId: { column: 'group_id' },
          name: { column: 'name' },
          description: { column: 'description' },
          kind: { column: 'kind' },
          mail: { column: 'mail' },
        },
        navigationProperties: {
          members: {
            to: types.users,
            table: 'memberships.csv',
            sourceColumn: 'group_id',
            targetColumn: 'employee_id',
          },
        },
      },
    ],
  };
}

import { wide, wideWindows } from './connector.ts';

/** A connector that provisions a SCIM service from the directory of directory.ts. */
export const chatFile = (baseUrl: string, more: Record<string, unknown> = {}) => ({
  apiVersion: 'syncline/v1',
  kind: 'Connector',
  name: 'chat',
  connections: [
    {
      name: 'scim',
      package: 'scim',
      settings: { baseUrl, timeout: '2s' },
      secrets: { token: 'env:SYNCLINE_SECRET_CHAT' },
    },
  ],
  entityTypes: [],
  provisioning: {
    connection: 'scim',
    thresholds: wide,
    windows: wideWindows,
    profiles: [
      {
        name: 'Chat_User',
        from: 'User',
        kind: 'user',
        assigned: "user.department in ['Eng', 'Ops']",
        match: [{ userName: 'userName' }],
        adopt: 'never',
        attributes: {
          userName: { property: 'email', required: true },
          displayName: { property: 'displayName' },
          'name.familyName': { expression: "user.displayName.split(' ')[1]" },
          'emails[type eq "work"].value': { property: 'email' },
        },
      },
      {
        name: 'Chat_Group',
        from: 'Group',
        kind: 'group',
        assigned: 'true',
        match: [{ displayName: 'displayName' }],
        adopt: 'never',
        attributes: { displayName: { property: 'name', required: true } },
        members: { link: 'members', profiles: ['Chat_User'] },
      },
    ],
    ...more,
  },
});

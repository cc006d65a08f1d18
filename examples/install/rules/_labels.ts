/** Who is to be asked about an object. */
export const TEAM = 'team.example.com/name';

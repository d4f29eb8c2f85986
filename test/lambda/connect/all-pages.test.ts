import { allPages } from '../../../lambda/connect/all-pages.ts';

const USER = {
  InstanceId: '99999999-2222-4333-8444-555555555555',
  UserId: '11111111-2222-4333-8444-555555555555',
};

it('asks for no more than a thousand pages of a user, where they have ever new tokens', async () => {
  let asked = 0;
  const everNew = async () => ({ NextToken: `${++asked}` });
  await expect(allPages(everNew, USER)).rejects.toMatchObject({
    name: 'InvalidAnswer',
    message: 'NextToken: more than 1000 pages, so they would never end',
  });
  expect(asked).toBe(1001);
});

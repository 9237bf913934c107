// Does with trello.js all that the sandbox serves, and prints as JSON what became of each call:
// {"results": {CALL: null or why its answer was refused}, "forgotten": [methods neither called nor left out]}.
//
// node run.mjs URL KEY TOKEN OTHER_TOKEN CALLBACK_URL [SPOILED_CALL]
// TOKEN may do everything, OTHER_TOKEN is there to be deleted. The answer to SPOILED_CALL is broken on its way.
import { createTrelloClient } from 'trello.js';

const [url, key, token, otherToken, callbackURL, spoiled] = process.argv.slice(2);
const trello = createTrelloClient({ host: `${url}/1`, apiKey: key, apiToken: token });
const results = {};
process.on('exit', () => console.log(JSON.stringify({ results, forgotten: forgotten() })));

// What the sandbox has none of (docs/sandbox-coverage.md): reactions, Power-Ups, exports, stickers, notifications,
// files, and what of people and Workspaces no card touches. Custom fields it refuses, as Trello does on a free plan.
const LEFT_OUT = {
  actions: ['createActionReaction', 'getActionReaction', 'deleteActionReaction'],
  boards: [
    'updateBoardEmailPosition', 'updateBoardEmailList', 'updateBoardShowSidebar', 'updateBoardShowSidebarActivity',
    'updateBoardShowSidebarBoardActions', 'updateBoardShowSidebarMembers', 'generateBoardCalendarKey',
    'generateBoardEmailKey', 'addBoardTag', 'enableBoardPlugin', 'disableBoardPlugin', 'createBoardExport',
    'getBoardExport', 'deleteBoardExport', 'downloadBoardExport', 'getBoardMostRecentExport',
  ],
  cards: [
    'createCardSticker', 'getCardSticker', 'updateCardSticker', 'deleteCardSticker', 'markCardNotificationsRead',
    'updateCardCustomFieldItem', 'updateCardCustomFields',
  ],
  members: [
    'createMemberBoardBackground', 'getMemberBoardBackground', 'updateMemberBoardBackground',
    'deleteMemberBoardBackground', 'createMemberCustomBoardBackground', 'getMemberCustomBoardBackground',
    'updateMemberCustomBoardBackground', 'deleteMemberCustomBoardBackground', 'uploadMemberCustomEmoji',
    'getMemberCustomEmoji', 'uploadMemberCustomSticker', 'getMemberCustomSticker', 'deleteMemberCustomSticker',
    'createMemberSavedSearch', 'getMemberSavedSearch', 'updateMemberSavedSearch', 'deleteMemberSavedSearch',
    'uploadMemberAvatar', 'dismissMemberOneTimeMessage', 'getMemberNotificationChannelSettings',
    'updateMemberNotificationChannelSettings', 'getMemberNotificationChannelSetting',
    'updateMemberNotificationChannelSetting', 'updateMemberNotificationChannelBlockedKey',
  ],
  organizations: [
    'createOrganizationExport', 'createOrganizationTag', 'deactivateOrganizationMember', 'uploadOrganizationLogo',
    'deleteOrganizationLogo', 'deleteOrganizationAssociatedDomain', 'deleteOrganizationInviteRestriction',
    'deleteOrganizationTag', 'getOrganizationNewBillableGuests',
  ],
};
const AREAS_LEFT_OUT = ['customFields', 'emoji', 'enterprises', 'notifications', 'plugins'];

function forgotten() {
  const called = new Set(Object.keys(results).map((name) => name.split(',')[0]));
  return Object.keys(trello)
    .filter((area) => !AREAS_LEFT_OUT.includes(area))
    .flatMap((area) => Object.keys(trello[area])
      .filter((method) => !LEFT_OUT[area]?.includes(method) && !called.has(`${area}.${method}`))
      .map((method) => `${area}.${method}`));
}

const broken = (value) => (Array.isArray(value) ? { 0: value } : [value]);
const honestFetch = globalThis.fetch;
let calling = '';
globalThis.fetch = async (...request) => {
  const response = await honestFetch(...request);
  return calling === spoiled ? Response.json(broken(await response.json())) : response;
};

async function judged(name, ask) {
  if (name in results) throw new Error(`${name} is called twice: tell the calls apart`);
  calling = name;
  try {
    const answer = await ask();
    results[name] = null;
    return answer;
  } catch (error) {
    results[name] = String(error.message).replace(/\s+/g, ' ').slice(0, 600);
    return [{}]; // lets the calls that need something of this answer fail by themselves
  }
}

// Call by its path; `note` tells apart the calls of one method.
const call = (path, parameters = {}, note = '') => {
  const [area, method] = path.split('.');
  return judged(note ? `${path}, ${note}` : path, () => trello[area][method](parameters));
};

const me = await call('members.getMember', { id: 'me' });
// Of others Trello tells no e-mail address, and trello.js insists on one where it is not left aside.
const fields = 'fullName,username';
const amal = await call('members.getMember', { id: 'amal_zina', fields }, 'of somebody else');

// Organizations
const { id: idOrganization } = await call('organizations.createOrganization', { displayName: 'With trello.js' });
const organization = { id: idOrganization };
await call('organizations.getOrganization', organization);
await call('organizations.updateOrganization', { ...organization, desc: 'Ours' });
await call('organizations.getOrganizationField', { ...organization, field: 'name' });
await call('organizations.updateOrganizationMember', { ...organization, idMember: amal.id, type: 'normal' });
await call('organizations.updateOrganizationMembers', { ...organization, email: 'x@example.org', fullName: 'X' });
await call('organizations.getOrganizationMembers', organization);
const [belonging] = await call('organizations.getOrganizationMemberships', organization);
await call('organizations.getOrganizationMembership', { ...organization, idMembership: belonging.id });
const [making] = await call('organizations.getOrganizationActions', organization);
await call('actions.getActionOrganization', { id: making.id });
for (const what of ['Exports', 'PluginData', 'Tags']) {
  await call(`organizations.getOrganization${what}`, organization);
}

// Boards
const { id } = await call('boards.createBoard', { name: 'Board', desc: 'All of it', idOrganization });
await call('organizations.getOrganizationBoards', organization);
await call('boards.getBoard', { id });
await call('boards.updateBoard', { id, name: 'The board' });
await call('boards.getBoardField', { id, field: 'name' });
await call('boards.inviteBoardMember', { id, email: 'guest@example.org' });
await call('boards.updateBoardMember', { id, idMember: amal.id, type: 'normal' });
await call('boards.getBoardMembers', { id });
const memberships = await call('boards.getBoardMemberships', { id });
const hers = memberships.find((each) => each.idMember === amal.id) ?? {};
await call('boards.updateBoardMembership', { id, idMembership: hers.id, type: 'admin' });
await call('boards.markBoardAsViewed', { id });
await call('boards.getBoardPlugins', { id });
await call('boards.getBoardPowerUps', { id });
await call('boards.createBoardLabel', { id, name: 'Blue', color: 'blue' });
await call('boards.createBoardList', { id, name: 'Made on the board' });

// Lists
const [{ id: idList }, { id: idOtherList } = {}] = await call('boards.getBoardLists', { id });
await call('boards.getBoardListsByFilter', { id, filter: 'all' });
const { id: idNewList } = await call('lists.createList', { name: 'New', idBoard: id });
await call('lists.getList', { id: idList });
await call('lists.updateList', { id: idList, name: 'Renamed' });
await call('lists.updateListField', { id: idList, field: 'name', value: 'Renamed again' });
await call('lists.getListBoard', { id: idList });
await call('lists.moveListToBoard', { id: idList, value: id });
await call('lists.archiveList', { id: idNewList, value: true });

// Cards
const { id: idCard } = await call('cards.createCard', {
  idList, name: 'Card', due: '2026-11-20T10:00:00Z', urlSource: 'https://example.org',
});
const card = { id: idCard };
const { id: idCopy } = await call(
  'cards.createCard', { idList, name: 'Copy', idCardSource: idCard, keepFromSource: 'all' }, 'a copy');
const copy = { id: idCopy };
await call('lists.getListCards', { id: idList });
await call('lists.getListActions', { id: idList });
await call('boards.getBoardCards', { id });
await call('boards.getBoardCardsByFilter', { id, filter: 'open' });
await call('cards.getCard', card);
await call('cards.getCardField', { ...card, field: 'name' });
await call('cards.getCardBoard', card);
await call('cards.getCardList', card);
await call('cards.getCardActions', card);
await call('cards.getCardPluginData', card);
await call('cards.getCardStickers', card);

// Labels
const { id: idLabel } = await call('labels.createLabel', { name: 'Red', color: 'red', idBoard: id });
await call('labels.getLabel', { id: idLabel });
await call('labels.updateLabel', { id: idLabel, name: 'Redder' });
await call('labels.updateLabelField', { id: idLabel, field: 'color', value: 'lime' });
await call('boards.getBoardLabels', { id });
await call('cards.addCardLabel', { ...copy, value: idLabel });
await call('cards.removeCardLabel', { ...copy, idLabel });
await call('cards.createCardLabel', { ...card, color: 'sky', name: 'Sky' });
await call('cards.updateCard', { ...card, name: 'The card', dueComplete: true, idLabels: [idLabel] });

// People on cards
await call('cards.addCardMember', { ...card, value: me.id });
await call('cards.getCardMembers', card);
const [joining] = await call('cards.getCardActions', { ...card, filter: 'addMemberToCard' }, 'of joining');
await call('actions.getActionMember', { id: joining.id, fields });
await call('members.getMemberCards', { id: 'me' });
await call('cards.removeCardMember', { ...card, idMember: me.id });
await call('cards.voteOnCard', { ...card, value: me.id });
await call('cards.getCardMembersVoted', card);
await call('cards.removeCardMemberVote', { ...card, idMember: me.id });

// Checklists and their items
const { id: idChecklist } = await call('cards.createCardChecklist', { ...card, name: 'Steps' });
const checklist = { id: idChecklist };
const { id: idCheckItem } = await call('checklists.createChecklistItem', { ...checklist, name: 'Pack' });
const item = { idCheckItem };
await call('checklists.getChecklist', checklist);
await call('checklists.updateChecklist', { ...checklist, name: 'All steps' });
await call('checklists.getChecklistField', { ...checklist, field: 'name' });
await call('checklists.updateChecklistField', { ...checklist, field: 'name', value: 'The steps' });
await call('checklists.getChecklistBoard', checklist);
await call('checklists.getChecklistCards', checklist);
await call('checklists.getChecklistItems', checklist);
await call('checklists.getChecklistItem', { ...checklist, ...item });
await call('boards.getBoardChecklists', { id });
await call('cards.getCardChecklists', card);
await call('cards.getCardCheckItem', { ...card, ...item });
await call('cards.updateCardCheckItem', { ...card, ...item, state: 'complete' });
await call('cards.getCardCheckItemStates', card);
await call('cards.updateCardChecklistItem', { idCard, idChecklist, ...item, state: 'incomplete' });

// Comments and other actions
const { id: idAction } = await call('cards.createCardComment', { ...card, text: 'Soon' });
await call('cards.updateCardComment', { ...card, idAction, text: 'Sooner' });
const comment = { id: idAction };
await call('actions.getAction', comment);
await call('actions.updateAction', { ...comment, text: 'Later' });
await call('actions.updateActionText', { ...comment, value: 'Never' });
await call('actions.getActionField', { ...comment, field: 'type' });
for (const what of ['Board', 'Card', 'List', 'Creator']) {
  await call(`actions.getAction${what}`, comment);
}
await call('actions.getActionReactions', { idAction });
await call('actions.getActionReactionSummary', { idAction });
await call('boards.getBoardActions', { boardId: id });
await call('boards.getBoardActions', { boardId: id, filter: 'all' }, 'of every kind');

// Attachments
const { id: idAttachment } = await call('cards.createCardAttachment', { ...card, url: 'https://example.org/x' });
await call('cards.getCardAttachments', card);
await call('cards.getCardAttachment', { ...card, idAttachment });

// Custom fields: on a free plan there are none
await call('boards.getBoardCustomFields', { id });
await call('cards.getCardCustomFieldItems', card);

// Stars, and what else is a member's
const { id: idStar } = await call('members.starBoard', { id: 'me', idBoard: id, pos: 'top' });
await call('boards.getBoardStars', { boardId: id });
await call('members.getMemberBoardStars', { id: 'me' });
await call('members.getMemberBoardStar', { id: 'me', idStar });
await call('members.updateMemberBoardStar', { id: 'me', idStar, pos: 'bottom' });
await call('members.updateMember', { id: 'me', bio: 'A robot' });
await call('members.getMemberField', { id: 'me', field: 'username' });
for (const what of [
  'Actions', 'Boards', 'BoardBackgrounds', 'CustomBoardBackgrounds', 'CustomEmojis', 'CustomStickers',
  'InvitedBoards', 'InvitedOrganizations', 'Notifications', 'Organizations', 'SavedSearches',
]) {
  await call(`members.getMember${what}`, { id: 'me' });
}

// Webhooks and tokens
const { id: idHook } = await call('webhooks.createWebhook', { callbackURL, idModel: id, description: 'Ours' });
await call('webhooks.getWebhook', { id: idHook });
await call('webhooks.updateWebhook', { id: idHook, description: 'Still ours' });
await call('webhooks.getWebhookField', { id: idHook, field: 'active' });
await call('members.getMemberTokens', { id: 'me', webhooks: true });
await call('tokens.getToken', { token });
await call('tokens.getTokenMember', { token });
await call('tokens.getTokenWebhooks', { token });
const { id: idWebhook } = await call('tokens.createTokenWebhook', { token, callbackURL, idModel: idCard });
await call('tokens.getTokenWebhook', { token, idWebhook });
await call('tokens.updateTokenWebhook', { token, idWebhook, description: 'Of the card' });

// Search, batch, and objects with all that can be nested in them
await call('search.search', { query: 'card' });
await call('search.searchMembers', { query: 'zina' });
const batched = await judged('batch.run', async () => Promise.all(
  await trello.batch.run((queue) => [queue.boards.getBoard({ id }), queue.cards.getCard(card)])));
await judged('batch.run, its answers', async () => {
  const ids = batched.map((each) => (each.value ?? each).id);
  if (ids.join() !== [id, idCard].join()) throw new Error(`not the board and the card: ${JSON.stringify(batched)}`);
});
await call('boards.getBoard', {
  id, fields: 'all', cards: 'all', lists: 'all', labels: 'all', members: 'all', checklists: 'all', actions: 'all',
  memberships: 'all', organization: true, customFields: true, pluginData: true, boardStars: 'mine',
}, 'nested');
await call('cards.getCard', {
  ...card, fields: 'all', attachments: true, members: true, checklists: 'all', actions: 'all', board: true,
  list: true, stickers: true, pluginData: true, membersVoted: true, checkItemStates: true, customFieldItems: true,
}, 'nested');
await call('members.getMember', {
  id: 'me', boards: 'all', organizations: 'all', cards: 'all', actions: 'all', tokens: 'all', boardStars: true,
  notifications: 'all',
}, 'nested');

// Taking it all away again
await call('tokens.deleteTokenWebhook', { token, idWebhook });
await call('webhooks.deleteWebhook', { id: idHook });
await call('tokens.deleteToken', { token: otherToken });
await call('members.unstarBoard', { id: 'me', idStar });
await call('cards.deleteCardAttachment', { ...card, idAttachment });
await call('cards.deleteCardComment', { ...card, idAction });
const { id: idLastAction } = await call('cards.createCardComment', { ...card, text: 'Bye' }, 'to be deleted');
await call('actions.deleteAction', { id: idLastAction });
await call('cards.deleteCardCheckItem', { ...card, ...item });
await call('cards.removeCardChecklist', { ...card, idChecklist });
const { id: idLast } = await call('checklists.createChecklist', { idCard, name: 'More steps' });
const { id: idLastItem } = await call(
  'checklists.createChecklistItem', { id: idLast, name: 'Send' }, 'to be deleted');
await call('checklists.deleteChecklistItem', { id: idLast, idCheckItem: idLastItem });
await call('checklists.deleteChecklist', { id: idLast });
await call('labels.deleteLabel', { id: idLabel });
await call('lists.moveAllListCards', { id: idList, idBoard: id, idList: idOtherList });
await call('lists.archiveAllListCards', { id: idOtherList });
await call('cards.deleteCard', card);
await call('boards.removeBoardMember', { id, idMember: amal.id });
await call('organizations.removeOrganizationMember', { ...organization, idMember: amal.id });
await call('organizations.updateOrganizationMember', { ...organization, idMember: amal.id, type: 'normal' }, 'again');
await call('organizations.removeOrganizationMemberFromAllBoards', { ...organization, idMember: amal.id });
await call('boards.deleteBoard', { id });
await call('organizations.deleteOrganization', organization);

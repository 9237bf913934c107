BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE bindings (
	workspace TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	board TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	trello_id TEXT NOT NULL, 
	bound_at DATETIME NOT NULL, 
	fingerprint TEXT NOT NULL, 
	url TEXT NOT NULL, 
	PRIMARY KEY (workspace, kind, board, "key")
);
INSERT INTO "bindings" VALUES('zina','board','daily','','6afaa9f00000000000000004','2026-11-16T07:06:40.000000Z','adopted','https://trello.com/b/00000004');
INSERT INTO "bindings" VALUES('zina','list','daily','todo','6afaab800000000000000005','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','list','daily','doing','6afaab800000000000000006','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','list','daily','done','6afaab800000000000000007','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','label','daily','operations','6afaab800000000000000008','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','label','daily','excused','6afaab800000000000000009','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','person','daily','amal','6afaa9f00000000000000002','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','person','daily','karim','6afaa9f00000000000000003','2026-11-16T07:06:40.000000Z','','');
INSERT INTO "bindings" VALUES('zina','template','daily','parcels','6afaab80000000000000000a','2026-11-16T07:06:40.000000Z','c93d5f9cb74e3dd1','');
INSERT INTO "bindings" VALUES('zina','task','daily','parcels','','2026-11-22T07:13:20.000000Z','','');
INSERT INTO "bindings" VALUES('zina','task','daily','tills','','2026-11-22T07:13:20.000000Z','','');
CREATE TABLE cards (
	workspace TEXT NOT NULL, 
	board TEXT NOT NULL, 
	task TEXT NOT NULL, 
	date DATE NOT NULL, 
	card_id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	confirmed_at DATETIME NOT NULL, 
	PRIMARY KEY (workspace, board, task, date), 
	FOREIGN KEY(workspace, board, task, date) REFERENCES occurrences (workspace, board, task, date)
);
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-16','6afaad100000000000000015','https://trello.com/c/00000015','2026-11-16T07:13:20.000000Z','2026-11-16T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-16','6afaad100000000000000017','https://trello.com/c/00000017','2026-11-16T07:13:20.000000Z','2026-11-16T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-17','6afbfe900000000000000024','https://trello.com/c/00000024','2026-11-17T07:13:20.000000Z','2026-11-17T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-17','6afbfe900000000000000026','https://trello.com/c/00000026','2026-11-17T07:13:20.000000Z','2026-11-17T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-18','6afd50100000000000000033','https://trello.com/c/00000033','2026-11-18T07:13:20.000000Z','2026-11-18T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-18','6afd50100000000000000035','https://trello.com/c/00000035','2026-11-18T07:13:20.000000Z','2026-11-18T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-19','6afea1900000000000000041','https://trello.com/c/00000041','2026-11-19T07:13:20.000000Z','2026-11-19T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-19','6afea1900000000000000043','https://trello.com/c/00000043','2026-11-19T07:13:20.000000Z','2026-11-19T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-20','6afff3100000000000000050','https://trello.com/c/00000050','2026-11-20T07:13:20.000000Z','2026-11-20T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-20','6afff3100000000000000052','https://trello.com/c/00000052','2026-11-20T07:13:20.000000Z','2026-11-20T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-21','6b0144900000000000000061','https://trello.com/c/00000061','2026-11-21T07:13:20.000000Z','2026-11-21T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-21','6b0144900000000000000063','https://trello.com/c/00000063','2026-11-21T07:13:20.000000Z','2026-11-21T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','tills','2026-11-22','6b0296100000000000000071','https://trello.com/c/00000071','2026-11-22T07:13:20.000000Z','2026-11-22T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-22','6b0296100000000000000073','https://trello.com/c/00000073','2026-11-22T07:13:20.000000Z','2026-11-22T07:13:20.000000Z');
INSERT INTO "cards" VALUES('zina','daily','parcels','2026-11-23','6b03e7900000000000000082','https://trello.com/c/00000082','2026-11-23T07:13:20.000000Z','2026-11-23T07:13:20.000000Z');
CREATE TABLE claims (
	workspace TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	token TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	attempted_at DATETIME NOT NULL, 
	attempt INTEGER NOT NULL, 
	unknown BOOLEAN NOT NULL, 
	PRIMARY KEY (workspace, "key")
);
INSERT INTO "claims" VALUES('zina','daily/tills/2026-11-23','a60c38942a3640fba6faf20151bbdd1a','one','2026-11-23T07:13:20.000000Z',1,1);
CREATE TABLE completions (
	id INTEGER NOT NULL, 
	workspace TEXT NOT NULL, 
	board TEXT NOT NULL, 
	task TEXT NOT NULL, 
	date DATE NOT NULL, 
	fact TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	seen TEXT NOT NULL, 
	by_id TEXT, 
	by_username TEXT, 
	by_name TEXT, 
	action_id TEXT, 
	recorded_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(workspace, board, task, date) REFERENCES occurrences (workspace, board, task, date)
);
INSERT INTO "completions" VALUES(1,'zina','daily','tills','2026-11-16','done','2026-11-16T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6afac9300000000000000022','2026-11-16T09:13:20.000000Z');
INSERT INTO "completions" VALUES(2,'zina','daily','parcels','2026-11-16','done','2026-11-16T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6afac9300000000000000023','2026-11-16T09:13:20.000000Z');
INSERT INTO "completions" VALUES(3,'zina','daily','tills','2026-11-17','done','2026-11-17T12:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6afc44e00000000000000031','2026-11-17T12:13:20.000000Z');
INSERT INTO "completions" VALUES(4,'zina','daily','parcels','2026-11-17','done','2026-11-17T12:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6afc44e00000000000000032','2026-11-17T12:13:20.000000Z');
INSERT INTO "completions" VALUES(5,'zina','daily','tills','2026-11-18','done','2026-11-18T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6afd6c300000000000000040','2026-11-18T09:13:20.000000Z');
INSERT INTO "completions" VALUES(6,'zina','daily','parcels','2026-11-18','done','2026-11-19T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6afebdb0000000000000004e','2026-11-19T09:13:20.000000Z');
INSERT INTO "completions" VALUES(7,'zina','daily','parcels','2026-11-19','done','2026-11-19T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6afebdb0000000000000004f','2026-11-19T09:13:20.000000Z');
INSERT INTO "completions" VALUES(8,'zina','daily','tills','2026-11-19','done','2026-11-20T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6b000f30000000000000005d','2026-11-20T09:13:20.000000Z');
INSERT INTO "completions" VALUES(9,'zina','daily','tills','2026-11-20','done','2026-11-20T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6b000f30000000000000005e','2026-11-20T09:13:20.000000Z');
INSERT INTO "completions" VALUES(10,'zina','daily','parcels','2026-11-20','done','2026-11-20T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6b000f30000000000000005f','2026-11-20T09:13:20.000000Z');
INSERT INTO "completions" VALUES(11,'zina','daily','parcels','2026-11-20','reopened','2026-11-20T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6b000f300000000000000060','2026-11-20T09:13:20.000000Z');
INSERT INTO "completions" VALUES(12,'zina','daily','parcels','2026-11-20','done','2026-11-21T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6b0160b0000000000000006e','2026-11-21T09:13:20.000000Z');
INSERT INTO "completions" VALUES(13,'zina','daily','tills','2026-11-21','done','2026-11-21T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6b0160b0000000000000006f','2026-11-21T09:13:20.000000Z');
INSERT INTO "completions" VALUES(14,'zina','daily','parcels','2026-11-21','done','2026-11-21T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6b0160b00000000000000070','2026-11-21T09:13:20.000000Z');
INSERT INTO "completions" VALUES(15,'zina','daily','tills','2026-11-22','done','2026-11-22T09:13:20.000000Z','tick','6afaa9f00000000000000003','karim_zina','Karim_zina','6b02b230000000000000007e','2026-11-22T09:13:20.000000Z');
INSERT INTO "completions" VALUES(16,'zina','daily','parcels','2026-11-22','done','2026-11-22T09:13:20.000000Z','tick','6afaa9f00000000000000002','amal_zina','Amal_zina','6b02b230000000000000007f','2026-11-22T09:13:20.000000Z');
CREATE TABLE jobs (
	workspace TEXT NOT NULL, 
	name TEXT NOT NULL, 
	succeeded_at DATETIME NOT NULL, 
	PRIMARY KEY (workspace, name)
);
INSERT INTO "jobs" VALUES('zina','issue','2026-11-23T07:13:20.000000Z');
CREATE TABLE mails_owed (
	workspace TEXT NOT NULL, 
	week TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	PRIMARY KEY (workspace, week, recipient)
);
INSERT INTO "mails_owed" VALUES('zina','2026-W47','manager@example.org');
INSERT INTO "mails_owed" VALUES('zina','2026-W47','owner@example.org');
CREATE TABLE mails_sent (
	workspace TEXT NOT NULL, 
	week TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	sent_at DATETIME NOT NULL, 
	PRIMARY KEY (workspace, week, recipient)
);
INSERT INTO "mails_sent" VALUES('zina','2026-W47','owner@example.org','2026-11-23T07:13:20.000000Z');
CREATE TABLE occurrences (
	workspace TEXT NOT NULL, 
	board TEXT NOT NULL, 
	task TEXT NOT NULL, 
	date DATE NOT NULL, 
	board_title TEXT NOT NULL, 
	title TEXT NOT NULL, 
	theme TEXT NOT NULL, 
	theme_title TEXT NOT NULL, 
	assignees JSON NOT NULL, 
	day DATE NOT NULL, 
	release DATETIME NOT NULL, 
	due DATETIME NOT NULL, 
	sequence INTEGER NOT NULL, 
	skipped TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, complete_when JSON DEFAULT '{"any": ["ticked", "in_done_list"]}' NOT NULL, requires JSON DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (workspace, board, task, date)
);
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-16','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-16','2026-11-15T23:00:00.000000Z','2026-11-16T17:00:00.000000Z',320,'','2026-11-16T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-16','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-16','2026-11-15T23:00:00.000000Z','2026-11-16T11:00:00.000000Z',320,'','2026-11-16T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-17','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-17','2026-11-16T23:00:00.000000Z','2026-11-17T17:00:00.000000Z',321,'','2026-11-17T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-17','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-17','2026-11-16T23:00:00.000000Z','2026-11-17T11:00:00.000000Z',321,'','2026-11-17T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-18','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-18','2026-11-17T23:00:00.000000Z','2026-11-18T17:00:00.000000Z',322,'','2026-11-18T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-18','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-18','2026-11-17T23:00:00.000000Z','2026-11-18T11:00:00.000000Z',322,'','2026-11-18T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-19','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-19','2026-11-18T23:00:00.000000Z','2026-11-19T17:00:00.000000Z',323,'','2026-11-19T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-19','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-19','2026-11-18T23:00:00.000000Z','2026-11-19T11:00:00.000000Z',323,'','2026-11-19T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-20','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-20','2026-11-19T23:00:00.000000Z','2026-11-20T17:00:00.000000Z',324,'','2026-11-20T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-20','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-20','2026-11-19T23:00:00.000000Z','2026-11-20T11:00:00.000000Z',324,'','2026-11-20T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-21','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-21','2026-11-20T23:00:00.000000Z','2026-11-21T17:00:00.000000Z',325,'','2026-11-21T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-21','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-21','2026-11-20T23:00:00.000000Z','2026-11-21T11:00:00.000000Z',325,'','2026-11-21T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-22','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-22','2026-11-21T23:00:00.000000Z','2026-11-22T17:00:00.000000Z',326,'','2026-11-22T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-22','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-22','2026-11-21T23:00:00.000000Z','2026-11-22T11:00:00.000000Z',326,'','2026-11-22T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','parcels','2026-11-23','Quotidien','Tâche parcels','operations','Opérationnel','["amal"]','2026-11-23','2026-11-22T23:00:00.000000Z','2026-11-23T17:00:00.000000Z',327,'','2026-11-23T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
INSERT INTO "occurrences" VALUES('zina','daily','tills','2026-11-23','Quotidien','Tâche tills','operations','Opérationnel','["amal"]','2026-11-23','2026-11-22T23:00:00.000000Z','2026-11-23T11:00:00.000000Z',327,'','2026-11-23T07:13:20.000000Z','{"any": ["ticked", "in_done_list"]}','[]');
CREATE TABLE outages (
	workspace TEXT NOT NULL, 
	board TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	PRIMARY KEY (workspace, board, since)
);
INSERT INTO "outages" VALUES('zina','daily','2026-11-16T09:13:20.000000Z','2026-11-17T12:13:20.000000Z');
CREATE TABLE problems (
	workspace TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	message TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	count INTEGER NOT NULL, 
	PRIMARY KEY (workspace, subject)
);
INSERT INTO "problems" VALUES('zina','daily/tills','lost','2026-11-23T07:13:20.000000Z','2026-11-23T07:13:20.000000Z',1);
CREATE TABLE reports (
	workspace TEXT NOT NULL, 
	week TEXT NOT NULL, 
	report JSON NOT NULL, 
	PRIMARY KEY (workspace, week)
);
INSERT INTO "reports" VALUES('zina','2026-W47','{"workspace": "zina", "name": "Zina ô Beldi", "locale": "fr", "week": "2026-W47", "from": "2026-11-16", "to": "2026-11-22", "closes_at": "2026-11-23T06:00:00Z", "frozen_at": "2026-11-23T07:13:20Z", "timezone": "Africa/Casablanca", "totals": {"scheduled": 14, "on_time": 10, "late": 2, "missed": 0, "open": 0, "excused": 0, "not_issued": 2, "compliance_rate": 0.8333333333333334}, "boards": [{"key": "daily", "title": "Quotidien", "scheduled": 14, "on_time": 10, "late": 2, "missed": 0, "open": 0, "excused": 0, "not_issued": 2, "compliance_rate": 0.8333333333333334}], "themes": [{"key": "operations", "title": "Opérationnel", "scheduled": 14, "on_time": 10, "late": 2, "missed": 0, "open": 0, "excused": 0, "not_issued": 2, "compliance_rate": 0.8333333333333334}], "people": [{"key": "amal", "title": "Amal", "scheduled": 14, "on_time": 10, "late": 2, "missed": 0, "open": 0, "excused": 0, "not_issued": 2, "compliance_rate": 0.8333333333333334}, {"key": "karim", "title": "Karim", "scheduled": 0, "on_time": 0, "late": 0, "missed": 0, "open": 0, "excused": 0, "not_issued": 0, "compliance_rate": null}], "occurrences": [{"key": "daily/tills/2026-11-16", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-16T11:00:00Z", "outcome": "on_time", "completed_at": "2026-11-16T09:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000015", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-16", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-16T17:00:00Z", "outcome": "on_time", "completed_at": "2026-11-16T09:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000017", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/tills/2026-11-17", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-17T11:00:00Z", "outcome": "not_issued", "completed_at": "2026-11-17T12:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000024", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-17", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-17T17:00:00Z", "outcome": "on_time", "completed_at": "2026-11-17T12:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000026", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/tills/2026-11-18", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-18T11:00:00Z", "outcome": "on_time", "completed_at": "2026-11-18T09:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000033", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-18", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-18T17:00:00Z", "outcome": "late", "completed_at": "2026-11-19T09:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000035", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/tills/2026-11-19", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-19T11:00:00Z", "outcome": "not_issued", "completed_at": "2026-11-20T09:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000041", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-19", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-19T17:00:00Z", "outcome": "on_time", "completed_at": "2026-11-19T09:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000043", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/tills/2026-11-20", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-20T11:00:00Z", "outcome": "on_time", "completed_at": "2026-11-20T09:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000050", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-20", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-20T17:00:00Z", "outcome": "late", "completed_at": "2026-11-21T09:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000052", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/tills/2026-11-21", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-21T11:00:00Z", "outcome": "on_time", "completed_at": "2026-11-21T09:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000061", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-21", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-21T17:00:00Z", "outcome": "on_time", "completed_at": "2026-11-21T09:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000063", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/tills/2026-11-22", "board": "daily", "task": "tills", "theme": "operations", "title": "Tâche tills", "assignees": ["amal"], "due_at": "2026-11-22T11:00:00Z", "outcome": "on_time", "completed_at": "2026-11-22T09:13:20Z", "completed_by": "karim", "card_url": "https://trello.com/c/00000071", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}, {"key": "daily/parcels/2026-11-22", "board": "daily", "task": "parcels", "theme": "operations", "title": "Tâche parcels", "assignees": ["amal"], "due_at": "2026-11-22T17:00:00Z", "outcome": "on_time", "completed_at": "2026-11-22T09:13:20Z", "completed_by": "amal", "card_url": "https://trello.com/c/00000073", "approximate": false, "note": "", "unproven": false, "due_moved_by": null, "excused_at": null, "excused_by": null}], "caught_up": [], "system": [], "outages": [{"board": "daily", "from": "2026-11-16T09:13:20Z", "to": "2026-11-17T12:13:20Z"}]}');
CREATE TABLE sights (
	workspace TEXT NOT NULL, 
	board TEXT NOT NULL, 
	read_at DATETIME NOT NULL, 
	last_action_at DATETIME, active_at DATETIME, 
	PRIMARY KEY (workspace, board)
);
INSERT INTO "sights" VALUES('zina','daily','2026-11-23T07:13:20.000000Z','2026-11-22T09:13:20.000000Z','2026-11-22T09:13:20.000000Z');
CREATE TABLE unissued (
	workspace TEXT NOT NULL, 
	board TEXT NOT NULL, 
	task TEXT NOT NULL, 
	date DATE NOT NULL, 
	PRIMARY KEY (workspace, board, task, date)
);
INSERT INTO "unissued" VALUES('zina','daily','tills','2026-11-23');
CREATE INDEX occurrences_by_due ON occurrences (workspace, due);
CREATE UNIQUE INDEX cards_by_id ON cards (workspace, card_id);
CREATE INDEX completions_by_instant ON completions (workspace, fact, at);
CREATE INDEX completions_by_occurrence ON completions (workspace, board, task, date);
CREATE UNIQUE INDEX completions_of_an_action ON completions (workspace, board, task, date, fact, action_id) WHERE action_id IS NOT NULL;
CREATE UNIQUE INDEX completions_of_a_state ON completions (workspace, board, task, date, fact, at) WHERE action_id IS NULL;
CREATE TRIGGER occurrences_no_update BEFORE UPDATE ON occurrences BEGIN SELECT RAISE(ABORT, 'occurrences is append-only'); END;
CREATE TRIGGER occurrences_no_delete BEFORE DELETE ON occurrences BEGIN SELECT RAISE(ABORT, 'occurrences is append-only'); END;
CREATE TRIGGER cards_no_update BEFORE UPDATE ON cards BEGIN SELECT RAISE(ABORT, 'cards is append-only'); END;
CREATE TRIGGER cards_no_delete BEFORE DELETE ON cards BEGIN SELECT RAISE(ABORT, 'cards is append-only'); END;
CREATE TRIGGER completions_no_update BEFORE UPDATE ON completions BEGIN SELECT RAISE(ABORT, 'completions is append-only'); END;
CREATE TRIGGER completions_no_delete BEFORE DELETE ON completions BEGIN SELECT RAISE(ABORT, 'completions is append-only'); END;
CREATE TRIGGER reports_no_update BEFORE UPDATE ON reports BEGIN SELECT RAISE(ABORT, 'reports is append-only'); END;
CREATE TRIGGER reports_no_delete BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'reports is append-only'); END;
CREATE TRIGGER mails_owed_no_update BEFORE UPDATE ON mails_owed BEGIN SELECT RAISE(ABORT, 'mails_owed is append-only'); END;
CREATE TRIGGER mails_owed_no_delete BEFORE DELETE ON mails_owed BEGIN SELECT RAISE(ABORT, 'mails_owed is append-only'); END;
CREATE TRIGGER mails_sent_no_update BEFORE UPDATE ON mails_sent BEGIN SELECT RAISE(ABORT, 'mails_sent is append-only'); END;
CREATE TRIGGER mails_sent_no_delete BEFORE DELETE ON mails_sent BEGIN SELECT RAISE(ABORT, 'mails_sent is append-only'); END;
CREATE INDEX occurrences_of_board_by_due ON occurrences (workspace, board, due);
CREATE TRIGGER occurrences_wait AFTER INSERT ON occurrences WHEN NEW.skipped = '' BEGIN INSERT INTO unissued VALUES (NEW.workspace, NEW.board, NEW.task, NEW.date); END;
CREATE TRIGGER cards_end_waiting AFTER INSERT ON cards BEGIN DELETE FROM unissued WHERE (workspace, board, task, date) = (NEW.workspace, NEW.board, NEW.task, NEW.date); END;
CREATE TRIGGER outages_no_update BEFORE UPDATE ON outages BEGIN SELECT RAISE(ABORT, 'outages is append-only'); END;
CREATE TRIGGER outages_no_delete BEFORE DELETE ON outages BEGIN SELECT RAISE(ABORT, 'outages is append-only'); END;
COMMIT;

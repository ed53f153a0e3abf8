/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens to groups in the long run, over real sockets: members who are strangers, an admin who has
 * vanished or contradicts himself, forks, messages that disappear or are found again, people who are
 * blocked. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "group/kith-group-replica-private.h"
#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-links.h"
#include "node/kith-node-history.h"
#include "node/kith-node-invites.h"
#include "proto/kith-group-body.h"
#include "store/kith-store-group-read.h"

static KithGroupHost *
host_of (TestPerson *person)
{
  return kith_node_lookup_group (person->node, kith_group_get_id_bytes (trio_group (person)));
}

static void
say (TestPerson *from, TestPerson *to, KithRecordType type, GBytes *body)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (body, &len);

  g_assert_true (kith_group_links_send (from->node, kith_group_get_id_bytes (trio_group (from)),
                                        kith_node_get_own_identity (to->node), type, data, len));
}

static gboolean
are_linked (TestPerson *a, TestPerson *b)
{
  const guint8 *gid = kith_group_get_id_bytes (trio_group (a));

  return kith_group_links_is_linked (a->node, gid, kith_node_get_own_identity (b->node))
         && kith_group_links_is_linked (b->node, gid, kith_node_get_own_identity (a->node));
}

/* (transfer none): the first operation */
static GBytes *
get_create (TestPerson *person)
{
  const KithGroupChain *chain = host_of (person)->replica->chain;

  return ((const KithGroupNode *) g_ptr_array_index (chain->accepted, 0))->op->bytes;
}

/* No address is needed: the group knows. */
static void
become_contacts (TestPerson *person, TestPerson *other)
{
  g_autoptr (KithRequest) request = NULL;

  test_person_ask (person, other);
  request = test_person_await_request (other);
  test_person_accept (other, request);
  test_wait_for (test_person_is_online (person, other) && test_person_is_online (other, person));
}

/* --- Strangers ------------------------------------------------------------------------------ */

/* Ben and Cat know each other only as members: they are linked by themselves, and need Ann no more. */
static void
test_strangers (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ben, *cat;
  g_autoptr (KithMessage) message = NULL;

  trio_new_apart (&trio);
  ben = trio.people[1];
  cat = trio.people[2];
  /* Who dials before the other has heard of them tries again later. */
  for (guint i = 0; i < 30 && !are_linked (ben, cat); i++)
    {
      trio_pass (5);
      trio_rest (200);
    }
  g_assert_true (are_linked (ben, cat));
  test_person_stop (trio.people[0]);
  message = trio_post (ben, "without Ann");
  test_wait_for (trio_copy (cat, message) != NULL);
  g_assert_null (kith_node_find_contact (cat->node, "ben", NULL));
  become_contacts (ben, cat);
  test_wait_for (are_linked (ben, cat));
}

/* Much more than a session takes at once: nothing of it is lost, and what comes after it waits its turn. */
static void
test_unsent (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (KithMessage) message = NULL;
  KithGroupHostLink *link;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  for (guint i = 0; i < 300; i++)
    g_ptr_array_add (ops, get_create (ann));
  body = kith_group_ops_pack (ops);
  link = g_hash_table_lookup (host_of (ann)->links, kith_node_get_own_identity (ben->node));
  for (guint i = 0; i < 60; i++)
    kith_group_host_send_record (host_of (ann), link->number, KITH_RECORD_GROUP_OPS, body);
  g_assert_cmpuint (link->unsent_bytes, >, 0);
  message = trio_post (ann, "after all that");
  test_wait_for (trio_copy (ben, message) != NULL);
  g_assert_true (link
                 == g_hash_table_lookup (host_of (ann)->links, kith_node_get_own_identity (ben->node)));
  g_assert_cmpuint (link->unsent_bytes, ==, 0);
}

/* --- The admin ------------------------------------------------------------------------------ */

static void
endorse (TestPerson *person, TestPerson *candidate)
{
  GAsyncResult *result = NULL;

  test_wait_for (kith_group_get_can_endorse (trio_group (person)));
  kith_node_endorse_async (person->node, trio_group (person), trio_member (person, candidate), NULL,
                           test_result_cb, &result);
  test_finish_well (person, &result, kith_node_group_finish);
}

/* For two weeks nothing is heard of Ann: the others agree on Ben, and she finds that when she is back. */
static void
test_succession (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  GAsyncResult *result = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  g_assert_false (kith_group_get_can_endorse (trio_group (ben)));
  kith_node_claim_admin_async (ben->node, trio_group (ben), NULL, test_result_cb, &result);
  test_finish_badly (ben, &result, kith_node_group_finish, KITH_ERROR_INVALID);
  for (guint i = 0; i < 3; i++)
    test_person_stop (trio.people[i]);

  trio_skip_days (15);
  test_person_start (ben);
  test_person_start (cat);
  test_person_meet (ben, cat);
  endorse (ben, ben);
  g_assert_false (kith_group_get_can_claim (trio_group (ben)));
  g_assert_false (kith_group_is_admin (trio_group (ben)));
  endorse (cat, ben);
  test_wait_for (kith_group_is_admin (trio_group (ben)));
  test_wait_for (kith_group_get_admin (trio_group (cat)) == trio_member (cat, ben));

  test_person_start (ann);
  test_person_meet (ben, ann);
  test_wait_for (kith_group_get_admin (trio_group (ann)) == trio_member (ann, ben));
  g_assert_false (kith_group_is_admin (trio_group (ann)));
  g_assert_cmpint (trio_state (ann), ==, KITH_MEMBERSHIP_MEMBER);
}

/* (transfer full): another name, on the operation that is the last one now, signed by the admin */
static GBytes *
rename_aside (TestPerson *admin)
{
  KithGroupHost *host = host_of (admin);
  const KithGroupState *state = kith_group_replica_get_state (host->replica);
  KithGroupOpBody body = { .name = (char *) "Aside" };
  KithGroupOpDraft draft = { .type = KITH_GROUP_OP_RENAME,
                             .gid = host->gid,
                             .height = state->height + 1,
                             .prev = state->head,
                             .time_ms = (guint64) kith_group_host_now_ms (host) };
  g_autoptr (KithGroupOp) op =
    kith_group_op_seal (&draft, &body, kith_secret_get_data (host->row->author_seed));
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();

  g_ptr_array_add (ops, op->bytes);
  return kith_group_ops_pack (ops);
}

/* Ann decides two things at once, say with a stolen key: everybody sees that, nobody is lost, and another
 * admin goes on. */
static void
test_frozen (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  GAsyncResult *result = NULL;
  g_autoptr (GBytes) aside = NULL;
  g_autoptr (KithMessage) message = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  aside = rename_aside (ann);
  kith_node_rename_group_async (ann->node, trio_group (ann), "Base", NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (g_str_equal (kith_group_get_name (trio_group (ben)), "Base"));
  say (ann, ben, KITH_RECORD_GROUP_OPS, aside);
  test_wait_for (trio_state (ben) == KITH_MEMBERSHIP_FROZEN
                 && trio_state (cat) == KITH_MEMBERSHIP_FROZEN);
  test_wait_for (trio_state (ann) == KITH_MEMBERSHIP_FROZEN);
  g_assert_true (trio_has_event (cat, "frozen", ann));

  message = trio_post (ben, "What now?");
  test_wait_for (trio_copy (cat, message) != NULL);
  endorse (ben, cat);
  endorse (cat, cat);
  test_wait_for (kith_group_is_admin (trio_group (cat)));
  test_wait_for (trio_agree (trio.people, 3, 3));
  test_wait_for (kith_group_get_admin (trio_group (ann)) == trio_member (ann, cat)
                 && kith_group_get_admin (trio_group (ben)) == trio_member (ben, cat));
}

/* --- Forks ---------------------------------------------------------------------------------- */

/* (transfer full): another first entry of @person */
static GBytes *
forge_first (TestPerson *person, const char *text)
{
  static const guint8 none[KITH_GROUP_ID_BYTES];
  KithGroupHost *host = host_of (person);
  const KithGroupState *state = kith_group_replica_get_state (host->replica);
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT, .text = (char *) text };
  g_autoptr (GBytes) packed = kith_group_content_pack (&content);
  guint8 salt[KITH_GROUP_SALT_BYTES] = { 1 };
  KithGroupEntryDraft draft = { .kind = KITH_GROUP_ENTRY_MESSAGE,
                                .gid = host->gid,
                                .seq = 1,
                                .prev = none,
                                .chain_height = state->height,
                                .chain_head = state->head,
                                .hlc = kith_hlc_from_ms (kith_group_host_now_ms (host)),
                                .content = g_bytes_get_data (packed, NULL),
                                .content_len = g_bytes_get_size (packed),
                                .salt = salt };
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);

  g_ptr_array_add (entries,
                   kith_group_entry_seal (&draft, kith_secret_get_data (host->row->author_seed)));
  return kith_group_entries_pack (entries);
}

/* Cat says one thing to Ann and another to Ben: neither counts, all see it, and Cat goes on with a new
 * key. */
static void
test_forked (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (GBytes) other = NULL;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) next = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  message = trio_post (cat, "yes");
  test_wait_for (trio_copy (ann, message) != NULL && trio_copy (ben, message) != NULL);
  other = forge_first (cat, "no");
  say (cat, ben, KITH_RECORD_GROUP_ENTRIES, other);
  test_wait_for (trio_has_event (ben, "forked", cat) && trio_has_event (ann, "forked", cat));
  test_wait_for (trio_copy (ann, message) == NULL && trio_copy (ben, message) == NULL);
  g_assert_cmpuint (trio_count (ben, "no"), ==, 0);

  test_wait_for (trio_has_event (ben, "rekeyed", cat));
  test_wait_for (!kith_group_get_needs_key (trio_group (cat)));
  next = trio_post (cat, "really");
  test_wait_for (trio_copy (ann, next) != NULL && trio_copy (ben, next) != NULL);
}

/* --- Contents ------------------------------------------------------------------------------- */

/* (transfer full): the entries of @author as @person has them on the disk */
static GPtrArray *
load_entries (TestPerson *person, TestPerson *author)
{
  KithGroupHost *host = host_of (person);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  kith_store_load_group_entries_async (
    person->store, host->gid, kith_group_host_get_author (host, kith_node_get_own_identity (author->node)),
    1, 100, test_result_cb, &result);
  rows = kith_store_load_group_entries_finish (person->store, test_await (&result), &error);
  g_assert_no_error (error);
  return rows;
}

static gboolean
has_content (TestPerson *person, TestPerson *author, guint i)
{
  g_autoptr (GPtrArray) rows = load_entries (person, author);

  g_assert_cmpuint (rows->len, >, i);
  return ((KithStoreGroupEntry *) g_ptr_array_index (rows, i))->content != NULL;
}

/* (transfer full) */
static KithMessage *
post_for (TestPerson *person, const char *text, gint64 ttl_s)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithMessage *message;

  kith_node_reply_async (person->node, trio_chat (person), text, NULL, ttl_s, NULL, test_result_cb,
                         &result);
  message = kith_node_send_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  return message;
}

/* The timer begins with reading, at the author with writing; what is over is nowhere on the disk. */
static void
test_disappearing (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  message = post_for (ann, "read and forget", KITH_LIMIT_TTL_MIN_S);
  test_wait_for (trio_copy (ben, message) != NULL && trio_copy (cat, message) != NULL);
  kith_node_mark_read (ben->node, trio_chat (ben));
  g_assert_true (has_content (ben, ann, 0));

  trio_pass (KITH_LIMIT_TTL_MIN_S + 5);
  test_wait_for (trio_copy (ann, message) == NULL && trio_copy (ben, message) == NULL);
  test_wait_for (!has_content (ann, ann, 0) && !has_content (ben, ann, 0));
  g_assert_nonnull (trio_copy (cat, message));
  g_assert_true (has_content (cat, ann, 0));
}

/* What is deleted for all is erased at all, with what it said before; the entries stay. */
static void
test_erased (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) kept = NULL;
  GAsyncResult *result = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  message = trio_post (ann, "my secret");
  test_person_edit (ann, message, "my other secret");
  test_wait_for (trio_count (ben, "my other secret") == 1);
  g_assert_true (has_content (ben, ann, 0) && has_content (ben, ann, 1));
  test_person_delete (ann, message, KITH_DELETE_FOR_BOTH);
  test_wait_for (kith_message_is_deleted (trio_copy (ben, message)));
  for (guint i = 0; i < 2; i++)
    g_assert_true (!has_content (ben, ann, i) && !has_content (ann, ann, i));
  g_assert_true (has_content (ben, ann, 2)); /* that it is deleted */

  kept = trio_post (ann, "Kept by the others");
  test_wait_for (trio_copy (ben, kept) != NULL && has_content (ben, ann, 3));
  kith_node_clear_history_async (ben->node, trio_chat (ben), NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_clear_history_finish);
  g_assert_false (has_content (ben, ann, 3));
  g_assert_true (has_content (ann, ann, 3));
}

/* Ben has erased what Ann wrote, and brings Cat only that there was something: Cat keeps asking for it, also
 * after a start. */
static void
test_hollow (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  test_person_stop (cat);
  message = trio_post (ann, "for Cat, too");
  test_wait_for (trio_copy (ben, message) != NULL);
  test_person_delete (ben, trio_copy (ben, message), KITH_DELETE_HERE);
  test_person_stop (ann);

  test_person_start (cat);
  test_person_meet (ben, cat);
  test_wait_for (are_linked (ben, cat));
  trio_await_newest (cat, ann, 1);
  g_assert_cmpuint (trio_count (cat, "for Cat, too"), ==, 0);
  test_person_stop (cat);
  test_person_start (cat);
  test_person_start (ann);
  test_person_meet (ann, cat);
  test_wait_for (trio_count (cat, "for Cat, too") == 1);
}

/* (transfer full): what is stored of Ann's log at Ben's, of which nothing is shown any more */
static GPtrArray *
hide_all (TestPerson *ben, TestPerson *ann)
{
  KithGroupHost *host = host_of (ben);
  KithStoreGroupAct *act = kith_store_group_act_new (KITH_STORE_GROUP_HIDE, host->gid);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  const guint8 *author = kith_group_host_get_author (host, kith_node_get_own_identity (ann->node));

  memcpy (act->author, author, sizeof act->author);
  act->seq = 1;
  kith_group_host_hide (host, author, 1);
  kith_store_batch_group (batch, act);
  kith_node_commit (ben->node, batch);
  return load_entries (ben, ann);
}

/* The text comes after what was said of it. */
static void
test_overtaken (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;
  g_autoptr (KithMessage) edited = NULL;
  g_autoptr (KithMessage) deleted = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  KithGroupHost *host;
  guint8 author[KITH_GROUP_KEY_BYTES];

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  host = host_of (ben);
  edited = trio_post (ann, "teh");
  deleted = trio_post (ann, "not for you");
  test_person_edit (ann, edited, "the");
  test_wait_for (trio_count (ben, "the") == 1 && trio_count (ben, "not for you") == 1);

  rows = hide_all (ben, ann);
  test_wait_for (trio_count (ben, "the") == 0);
  test_person_delete (ann, deleted, KITH_DELETE_FOR_BOTH);
  trio_await_newest (ben, ann, 4);

  g_ptr_array_set_size (rows, 2);
  memcpy (author, ((KithStoreGroupEntry *) g_ptr_array_index (rows, 0))->author, sizeof author);
  kith_group_host_take_stored (host, NULL, rows, 2);
  kith_group_host_catch_up (host, kith_message_get_id_bytes (edited), author);
  kith_group_host_catch_up (host, kith_message_get_id_bytes (deleted), author);
  test_wait_for (trio_count (ben, "the") == 1);
  test_wait_for (trio_copy (ben, deleted) != NULL
                 && kith_message_is_deleted (trio_copy (ben, deleted)));
  g_assert_false (has_content (ben, ann, 1));
  g_assert_true (has_content (ben, ann, 3));
}

/* The program ends before what is to be shown is: it is shown with the next start. */
static void
test_shown_later (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithGroupEffect effect = { .type = KITH_GROUP_EFFECT_SHOW, .seq = 1, .to_seq = 1 };
  KithGroupTurn turn = { .batch = batch };

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  message = trio_post (ann, "in time");
  test_wait_for (trio_count (ben, "in time") == 1);
  rows = hide_all (ben, ann);
  turn.host = host_of (ben);
  memcpy (effect.author, ((KithStoreGroupEntry *) g_ptr_array_index (rows, 0))->author,
          sizeof effect.author);
  kith_group_turn_take_show (&turn, &effect);
  kith_node_commit (ben->node, batch);
  test_person_crash (ben);

  for (guint i = 0; i < 2; i++)
    {
      test_person_start (ben);
      trio_load_all (ben);
      test_wait_for (trio_count (ben, "in time") == 1);
      test_person_stop (ben);
    }
}

/* --- Finding and reading -------------------------------------------------------------------- */

static guint
count_hits (TestPerson *person, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = NULL;

  kith_node_search_async (person->node, text, trio_chat (person), 10, NULL, NULL, test_result_cb,
                          &result);
  hits = kith_node_search_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  return hits->len;
}

/* (transfer full) */
static char *
write_transcript (TestPerson *person, KithTranscriptFormat format)
{
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("kith-transcript-XXXXXX", &stream, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  kith_node_write_transcript_async (person->node, trio_chat (person), file, format, NULL, NULL, NULL,
                                    test_result_cb, &result);
  kith_node_write_transcript_finish (person->node, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_load_contents (file, NULL, &text, NULL, NULL, NULL));
  g_file_delete (file, NULL, NULL);
  return text;
}

static void
test_search (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) kept = NULL;
  g_autoptr (KithMessage) gone = NULL;
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  kept = trio_post (ben, "We meet at the lighthuose");
  gone = trio_post (cat, "<Lighthouse> keepers are odd");
  test_wait_for (trio_copy (ann, kept) != NULL && trio_copy (ann, gone) != NULL);
  g_assert_cmpuint (count_hits (ann, "lighthouse"), ==, 1);
  html = write_transcript (ann, KITH_TRANSCRIPT_HTML);
  g_assert_nonnull (strstr (html, "&lt;Lighthouse&gt; keepers are odd"));
  g_assert_nonnull (strstr (html, "cat"));

  test_person_edit (ben, kept, "We meet at the lighthouse");
  test_wait_for (trio_count (ann, "We meet at the lighthouse") == 1);
  g_assert_cmpuint (count_hits (ann, "lighthouse"), ==, 2);
  test_person_delete (cat, gone, KITH_DELETE_FOR_BOTH);
  test_wait_for (kith_message_is_deleted (trio_copy (ann, gone)));
  g_assert_cmpuint (count_hits (ann, "lighthouse"), ==, 1);

  text = write_transcript (ann, KITH_TRANSCRIPT_TEXT);
  g_assert_nonnull (strstr (text, "ben"));
  g_assert_nonnull (strstr (text, "We meet at the lighthouse"));
  g_assert_null (strstr (text, "keepers"));
}

/* --- People --------------------------------------------------------------------------------- */

/* Of somebody who is blocked only that they wrote is shown; the others have it through Ben all the same. */
static void
test_blocked (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithMessage) message = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  kith_node_set_blocked_async (ben->node, test_person_contact (ben, cat), TRUE, NULL, test_result_cb,
                               &result);
  test_await (&result);
  test_wait_for (!are_linked (ben, cat));
  message = trio_post (cat, "@ben can you hear me?");
  test_wait_for (trio_copy (ann, message) != NULL);
  test_wait_for (trio_has_event (ben, "blocked", cat));
  g_assert_cmpuint (trio_count (ben, "@ben can you hear me?"), ==, 0);
  g_assert_cmpuint (kith_group_get_unread_mentions (trio_group (ben)), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-life/strangers", test_strangers);
  g_test_add_func ("/group-life/unsent", test_unsent);
  g_test_add_func ("/group-life/succession", test_succession);
  g_test_add_func ("/group-life/frozen", test_frozen);
  g_test_add_func ("/group-life/forked", test_forked);
  g_test_add_func ("/group-life/disappearing", test_disappearing);
  g_test_add_func ("/group-life/erased", test_erased);
  g_test_add_func ("/group-life/hollow", test_hollow);
  g_test_add_func ("/group-life/overtaken", test_overtaken);
  g_test_add_func ("/group-life/shown-later", test_shown_later);
  g_test_add_func ("/group-life/search", test_search);
  g_test_add_func ("/group-life/blocked", test_blocked);
  return g_test_run ();
}

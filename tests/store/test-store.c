/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every store has to do, on the one in memory. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "store/kith-store-broadcast.h"
#include "store/kith-store.h"

static const guint8 ann[KITH_STORE_IDENTITY_BYTES] = { 1 };
static const guint8 ben[KITH_STORE_IDENTITY_BYTES] = { 2 };

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* @batch: (transfer none) */
static gboolean
commit (KithStore *store, KithStoreBatch *batch, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_store_commit_async (store, kith_store_batch_ref (batch), cancellable, result_cb, &result);
  g_assert_null (result); /* never from within the call */
  return kith_store_commit_finish (store, await (&result), error);
}

static KithStoreSnapshot *
load (KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreSnapshot *snapshot;

  kith_store_load_async (store, NULL, result_cb, &result);
  snapshot = kith_store_load_finish (store, await (&result), &error);
  g_assert_no_error (error);
  return snapshot;
}

static KithStoreMessage
message (const guint8 *identity, guint number, gboolean outgoing)
{
  KithStoreMessage row = { .outgoing = outgoing, .seq = number, .hlc = number, .time_ms = (gint64) number };

  memcpy (row.id, &number, sizeof number);
  memcpy (row.identity, identity, sizeof row.identity);
  row.text = (char *) "text";
  return row;
}

static KithStoreContact
contact (const guint8 *identity, const char *name)
{
  KithStoreContact row = { .name = (char *) name };

  memcpy (row.identity, identity, sizeof row.identity);
  return row;
}

static void
test_profile (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreSnapshot) before = load (store);
  g_autoptr (KithStoreSnapshot) after = NULL;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint8 key[32] = { 7 };
  g_autoptr (KithSecret) secret = kith_secret_new_from (key, sizeof key);
  KithStoreProfile row = { .name = (char *) "Ann", .identity_seed = secret, .device_key = secret };

  g_assert_null (before->profile);
  kith_store_batch_put_profile (batch, &row);
  g_assert_true (commit (store, batch, NULL, NULL));
  after = load (store);
  g_assert_cmpstr (after->profile->name, ==, "Ann");
  g_assert_true (kith_secret_equal (after->profile->device_key, secret));
}

/* A batch with an operation that is not possible changes nothing. */
static void
test_all_or_nothing (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreContact row = contact (ann, "Ann");
  KithStoreMessage bad = message (ann, 1, TRUE);

  bad.text = NULL;
  kith_store_batch_put_contact (batch, &row);
  kith_store_batch_add_message (batch, &bad);
  g_assert_false (commit (store, batch, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  snapshot = load (store);
  g_assert_cmpuint (snapshot->contacts->len, ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreContact row = contact (ann, "Ann");

  kith_store_batch_put_contact (batch, &row);
  g_cancellable_cancel (cancellable);
  g_assert_false (commit (store, batch, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  snapshot = load (store);
  g_assert_cmpuint (snapshot->contacts->len, ==, 0);
}

/* The same id is added once in a conversation, whoever wrote it. */
static void
test_dedup (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage from_ann = message (ann, 1, FALSE), to_ann = message (ann, 1, TRUE);
  KithStoreMessage from_ben = message (ben, 1, FALSE);

  kith_store_batch_add_message (batch, &to_ann);
  kith_store_batch_add_message (batch, &to_ann);
  kith_store_batch_add_message (batch, &from_ann);
  kith_store_batch_add_message (batch, &from_ben);
  g_assert_true (commit (store, batch, NULL, NULL));
  g_assert_true (kith_store_batch_was_new (batch, 0));
  g_assert_false (kith_store_batch_was_new (batch, 1));
  g_assert_false (kith_store_batch_was_new (batch, 2));
  g_assert_true (kith_store_batch_was_new (batch, 3));
}

/* Clearing takes the messages and leaves how the conversation is treated, and what is being written. */
static void
test_clear (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) removal = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) cleared = NULL;
  g_autoptr (KithStoreSnapshot) deleted = NULL;
  KithStoreContact ann_row = contact (ann, "Ann");
  KithStoreMessage first = message (ann, 1, FALSE);
  const KithStoreOptions options = { .ttl_s = 60, .ttl_hlc = 7, .muted_until_ms = 9, .pinned = TRUE,
                                     .archived = TRUE };
  const KithStoreConversation *row;

  kith_store_batch_put_contact (batch, &ann_row);
  kith_store_batch_add_message (batch, &first);
  kith_store_batch_put_options (batch, ann, &options);
  kith_store_batch_put_draft (batch, ann, "Not yet");
  kith_store_batch_clear_messages (batch, ann);
  kith_store_batch_clear_messages (batch, ben); /* nothing of it is known */
  g_assert_true (commit (store, batch, NULL, NULL));
  cleared = load (store);
  g_assert_cmpuint (cleared->conversations->len, ==, 1);
  row = g_ptr_array_index (cleared->conversations, 0);
  g_assert_null (row->last);
  g_assert_cmpstr (row->draft, ==, "Not yet");
  g_assert_cmpuint (row->n_unread, ==, 0);
  g_assert_cmpuint (row->options.ttl_s, ==, 60);
  g_assert_cmpuint (row->options.ttl_hlc, ==, 7);
  g_assert_cmpint (row->options.muted_until_ms, ==, 9);
  g_assert_true (row->options.pinned);
  g_assert_true (row->options.archived);

  kith_store_batch_delete_contact (removal, ann);
  g_assert_true (commit (store, removal, NULL, NULL));
  deleted = load (store);
  g_assert_cmpuint (deleted->conversations->len, ==, 0);
}

static void
test_outbox (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;

  for (guint i = 1; i <= 4; i++)
    {
      KithStoreMessage row = message (ann, i, i != 4);

      kith_store_batch_add_message (batch, &row);
      if (i == 2)
        {
          row.delivered_ms = 5;
          kith_store_batch_update_message (batch, &row);
        }
      if (i == 3)
        {
          row.reason = (char *) "no";
          kith_store_batch_update_message (batch, &row);
        }
    }
  g_assert_true (commit (store, batch, NULL, NULL));
  snapshot = load (store);
  g_assert_cmpuint (snapshot->outbox->len, ==, 1);
  g_assert_cmpuint (((KithStoreMessage *) g_ptr_array_index (snapshot->outbox, 0))->seq, ==, 1);
}

static void
test_pages (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreCursor cursor = { .hlc = G_MAXUINT64 };
  guint expected = 100;

  for (guint i = 1; i <= 100; i++)
    {
      KithStoreMessage row = message (ann, 101 - i, FALSE), other = message (ben, i, FALSE);

      kith_store_batch_add_message (batch, &row);
      kith_store_batch_add_message (batch, &other);
    }
  g_assert_true (commit (store, batch, NULL, NULL));

  memcpy (cursor.identity, ann, sizeof cursor.identity);
  while (expected > 0)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) rows = NULL;

      kith_store_load_messages_async (store, &cursor, KITH_STORE_BEFORE, 30, NULL, result_cb, &result);
      rows = kith_store_load_messages_finish (store, await (&result), NULL);
      g_assert_cmpuint (rows->len, ==, MIN (30, expected));
      for (guint i = rows->len; i > 0; i--)
        g_assert_cmpuint (((KithStoreMessage *) g_ptr_array_index (rows, i - 1))->hlc, ==, expected--);
      cursor.hlc = ((KithStoreMessage *) g_ptr_array_index (rows, 0))->hlc;
      memcpy (cursor.id, ((KithStoreMessage *) g_ptr_array_index (rows, 0))->id, sizeof cursor.id);
    }
}

static void
test_delete (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) removal = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  KithStoreContact a = contact (ann, "Ann"), b = contact (ben, "Ben");
  KithStoreMessage to_ann = message (ann, 1, TRUE), to_ben = message (ben, 2, TRUE);
  KithStoreDevice device = { .seq = 1 };
  KithStoreRequest request = { .name = (char *) "", .text = (char *) "" };

  memcpy (device.identity, ann, sizeof device.identity);
  kith_store_batch_put_contact (batch, &a);
  kith_store_batch_put_contact (batch, &b);
  kith_store_batch_put_device (batch, &device);
  kith_store_batch_put_request (batch, &request);
  kith_store_batch_add_message (batch, &to_ann);
  kith_store_batch_add_message (batch, &to_ben);
  g_assert_true (commit (store, batch, NULL, NULL));

  kith_store_batch_delete_contact (removal, ann);
  kith_store_batch_delete_request (removal, request.identity);
  g_assert_true (commit (store, removal, NULL, NULL));
  snapshot = load (store);
  g_assert_cmpuint (snapshot->contacts->len, ==, 1);
  g_assert_cmpuint (snapshot->devices->len, ==, 0);
  g_assert_cmpuint (snapshot->requests->len, ==, 0);
  g_assert_cmpuint (snapshot->outbox->len, ==, 1);
}

static void
test_invites (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) change = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (KithSecret) key = kith_secret_new_from (ann, sizeof ann);
  KithStoreInvite ours = { .id = "1234567", .ours = TRUE, .link = (char *) "KITH:I/A", .reply_key = key,
                           .note = (char *) "for Ben", .created_ms = 1, .expires_ms = 2 };
  KithStoreInvite theirs = { .id = "7654321", .link = (char *) "KITH:I/B", .note = (char *) "",
                             .created_ms = 3, .expires_ms = 4, .has_peer = TRUE };
  const KithStoreInvite *back;

  memcpy (theirs.peer, ben, sizeof theirs.peer);
  kith_store_batch_put_invite (batch, &ours);
  kith_store_batch_put_invite (batch, &theirs);
  g_assert_true (commit (store, batch, NULL, NULL));

  ours.state = 1;
  ours.has_peer = ours.misused = TRUE;
  memcpy (ours.peer, ben, sizeof ours.peer);
  kith_store_batch_put_invite (change, &ours);
  kith_store_batch_delete_invite (change, theirs.id);
  g_assert_true (commit (store, change, NULL, NULL));

  snapshot = load (store);
  g_assert_cmpuint (snapshot->invites->len, ==, 1);
  back = g_ptr_array_index (snapshot->invites, 0);
  g_assert_cmpmem (back->id, sizeof back->id, ours.id, sizeof ours.id);
  g_assert_true (back->ours && back->has_peer && back->misused);
  g_assert_cmpstr (back->link, ==, "KITH:I/A");
  g_assert_cmpstr (back->note, ==, "for Ben");
  g_assert_true (kith_secret_equal (back->reply_key, key));
  g_assert_cmpmem (back->peer, sizeof back->peer, ben, sizeof ours.peer);
  g_assert_cmpuint (back->state, ==, 1);
}

static void
test_verified (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  KithStoreContact row = contact (ann, "Ann");
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  const KithStoreContact *back;

  row.verified = 3;
  row.verified_ms = 1767225600123;
  row.sas_failures = 2;
  row.sas_failed_ms = 1767225600456;
  kith_store_batch_put_contact (batch, &row);
  g_assert_true (commit (store, batch, NULL, NULL));
  snapshot = load (store);
  back = g_ptr_array_index (snapshot->contacts, 0);
  g_assert_cmpuint (back->verified, ==, 3);
  g_assert_cmpint (back->verified_ms, ==, 1767225600123);
  g_assert_cmpuint (back->sas_failures, ==, 2);
  g_assert_cmpint (back->sas_failed_ms, ==, 1767225600456);
}

static guint
count_broadcasts (KithStore *store, guint limit, KithStoreBroadcast **newest)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  kith_store_load_broadcasts_async (store, limit, NULL, result_cb, &result);
  rows = kith_store_load_broadcasts_finish (store, await (&result), NULL);
  g_assert_nonnull (rows);
  *newest = rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
  return rows->len + (*newest != NULL ? 1 : 0);
}

static KithStoreBroadcast *
broadcast_to_both (const KithStoreMessage *to_ann, const KithStoreMessage *to_ben, gint64 time_ms)
{
  KithStoreBroadcast *row = kith_store_broadcast_new ();
  KithStoreRecipient recipients[2] = { 0 };

  memcpy (row->id, &time_ms, sizeof time_ms);
  row->time_ms = time_ms;
  row->text = g_strdup ("To both");
  memcpy (recipients[0].identity, ann, sizeof ann);
  memcpy (recipients[0].message, to_ann->id, sizeof to_ann->id);
  memcpy (recipients[1].identity, ben, sizeof ben);
  memcpy (recipients[1].message, to_ben->id, sizeof to_ben->id);
  g_array_append_vals (row->recipients, recipients, 2);
  return row;
}

/* What is counted is what the messages say, also when one of them is gone. */
static void
test_broadcasts (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) change = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) removal = kith_store_batch_new ();
  KithStoreMessage to_ann = message (ann, 1, TRUE);
  KithStoreMessage to_ben = message (ben, 2, TRUE);
  g_autoptr (KithStoreBroadcast) older = broadcast_to_both (&to_ann, &to_ben, 1);
  g_autoptr (KithStoreBroadcast) newer = broadcast_to_both (&to_ann, &to_ben, 2);
  g_autoptr (KithStoreBroadcast) first = NULL;
  g_autoptr (KithStoreBroadcast) second = NULL;
  g_autoptr (KithStoreBroadcast) third = NULL;

  to_ann.broadcast = to_ben.broadcast = TRUE;
  kith_store_batch_add_message (batch, &to_ann);
  kith_store_batch_add_message (batch, &to_ben);
  kith_store_batch_put_broadcast (batch, older);
  kith_store_batch_put_broadcast (batch, newer);
  g_assert_true (commit (store, batch, NULL, NULL));
  g_assert_cmpuint (count_broadcasts (store, 10, &first), ==, 2);
  g_assert_cmpint (first->time_ms, ==, 2);
  g_assert_cmpstr (first->text, ==, "To both");
  g_assert_cmpuint (first->n_recipients, ==, 2);
  g_assert_cmpuint (first->n_delivered, ==, 0);

  to_ann.delivered_ms = to_ben.delivered_ms = to_ben.read_ms = 5;
  kith_store_batch_update_message (change, &to_ann);
  kith_store_batch_update_message (change, &to_ben);
  g_assert_true (commit (store, change, NULL, NULL));
  g_assert_cmpuint (count_broadcasts (store, 1, &second), ==, 1);
  g_assert_cmpuint (second->n_delivered, ==, 2);
  g_assert_cmpuint (second->n_read, ==, 1);

  kith_store_batch_delete_broadcast (removal, newer->id);
  kith_store_batch_clear_messages (removal, ben);
  g_assert_true (commit (store, removal, NULL, NULL));
  g_assert_cmpuint (count_broadcasts (store, 10, &third), ==, 1);
  g_assert_cmpint (third->time_ms, ==, 1);
  g_assert_cmpuint (third->n_recipients, ==, 2);
  g_assert_cmpuint (third->n_delivered, ==, 1);
}

static void
expire (KithStore *store, gint64 now_ms)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next_ms;

  kith_store_expire_async (store, now_ms, result_cb, &result);
  kith_store_expire_finish (store, await (&result), &next_ms, &error);
  g_assert_no_error (error);
}

/* What disappears must not stay in another place. */
static void
test_broadcast_disappears (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) change = kith_store_batch_new ();
  KithStoreMessage to_ann = message (ann, 1, TRUE);
  KithStoreMessage to_ben = message (ben, 2, TRUE);
  g_autoptr (KithStoreBroadcast) row = broadcast_to_both (&to_ann, &to_ben, 1);
  g_autoptr (KithStoreBroadcast) first = NULL;
  g_autoptr (KithStoreBroadcast) second = NULL;
  g_autoptr (KithStoreBroadcast) third = NULL;

  to_ann.broadcast = to_ben.broadcast = TRUE;
  to_ann.ttl_s = to_ben.ttl_s = 60;
  kith_store_batch_add_message (batch, &to_ann);
  kith_store_batch_add_message (batch, &to_ben);
  kith_store_batch_put_broadcast (batch, row);
  g_assert_true (commit (store, batch, NULL, NULL));
  to_ann.expires_ms = 100;
  to_ben.expires_ms = 200;
  kith_store_batch_update_message (change, &to_ann);
  kith_store_batch_update_message (change, &to_ben);
  g_assert_true (commit (store, change, NULL, NULL));

  g_assert_cmpuint (count_broadcasts (store, 10, &first), ==, 1);
  expire (store, 150);
  g_assert_cmpuint (count_broadcasts (store, 10, &second), ==, 1);
  expire (store, 250);
  g_assert_cmpuint (count_broadcasts (store, 10, &third), ==, 0);
}

/* One message that cannot be stored: the broadcast is not there either, nor any other of it. */
static void
test_broadcast_as_a_whole (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage to_ann = message (ann, 1, TRUE);
  KithStoreMessage to_ben = message (ben, 2, TRUE);
  g_autoptr (KithStoreBroadcast) row = broadcast_to_both (&to_ann, &to_ben, 1);
  g_autoptr (KithStoreBroadcast) none = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;

  to_ben.text = NULL;
  kith_store_batch_put_broadcast (batch, row);
  kith_store_batch_add_message (batch, &to_ann);
  kith_store_batch_add_message (batch, &to_ben);
  g_assert_false (commit (store, batch, NULL, NULL));
  g_assert_cmpuint (count_broadcasts (store, 10, &none), ==, 0);
  snapshot = load (store);
  g_assert_cmpuint (snapshot->outbox->len, ==, 0);
}

/* What was found last only grows: an older value is not taken again after a restart. */
static void
test_found_seq (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  KithStoreContact row = contact (ann, "Ann");

  row.found_seq = 9;
  kith_store_batch_put_contact (batch, &row);
  row.found_seq = 8;
  kith_store_batch_put_contact (batch, &row);
  g_assert_true (commit (store, batch, NULL, NULL));
  snapshot = load (store);
  g_assert_cmpuint (((const KithStoreContact *) g_ptr_array_index (snapshot->contacts, 0))->found_seq, ==, 9);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/profile", test_profile);
  g_test_add_func ("/store/all-or-nothing", test_all_or_nothing);
  g_test_add_func ("/store/cancelled", test_cancelled);
  g_test_add_func ("/store/dedup", test_dedup);
  g_test_add_func ("/store/clear", test_clear);
  g_test_add_func ("/store/outbox", test_outbox);
  g_test_add_func ("/store/pages", test_pages);
  g_test_add_func ("/store/delete", test_delete);
  g_test_add_func ("/store/invites", test_invites);
  g_test_add_func ("/store/verified", test_verified);
  g_test_add_func ("/store/broadcasts", test_broadcasts);
  g_test_add_func ("/store/broadcast-disappears", test_broadcast_disappears);
  g_test_add_func ("/store/broadcast-as-a-whole", test_broadcast_as_a_whole);
  g_test_add_func ("/store/found-seq", test_found_seq);
  return g_test_run ();
}

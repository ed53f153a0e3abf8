/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sessions with one person: one stays, the same one on both sides. On real sockets. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <unistd.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-wire.h"
#include "net/kith-channel-private.h"
#include "net/kith-session-private.h"
#include "net/kith-session-table.h"

static void
settle (void)
{
  for (guint idle = 0; idle < 20;)
    idle = g_main_context_iteration (NULL, FALSE) ? 0 : idle + 1;
}

/* --- Duplicates ----------------------------------------------------------------------------- */

/* Somebody who dials and listens, with the table of 4.2. */
typedef struct
{
  TestEnd           end;
  KithListener     *listener;
  KithSessionTable *table;
  GPtrArray        *sessions;   /* (owned) those that go on */
  gboolean          dialled;    /* the dial has ended */
  GPtrArray        *admitted;   /* (owned) those that ever were */
  gboolean          has_several; /* devices are dialling */
  guint             n_closed;
  guint             n_other_devices; /* of those, because of another device or copy */
} Person;

/* Never two at a time, not even for a moment. */
static void
are_in (KithSession *session, gboolean admitted, gpointer user_data)
{
  Person *self = user_data;

  for (guint i = 0; admitted && !self->has_several && i < self->admitted->len; i++)
    g_assert_false (kith_session_is_alive (g_ptr_array_index (self->admitted, i)));
  if (admitted)
    g_ptr_array_add (self->admitted, kith_session_ref (session));
}

static void
let_in (KithSession *session, gboolean admitted, gpointer user_data)
{
  const KithBodyOpen answer = { .pending = FALSE };

  are_in (session, admitted, user_data);
  if (admitted)
    kith_session_accept_open (session, &answer);
}

static void
person_open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  kith_session_table_admit (((Person *) user_data)->table, session, let_in, user_data, NULL);
}

static void
person_opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  kith_session_table_admit (((Person *) user_data)->table, session, are_in, user_data, NULL);
}

static gboolean
person_record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  return TRUE;
}

static void
person_drained_cb (KithSession *session, gpointer user_data)
{
}

static void
person_closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  Person *self = user_data;

  g_assert_true (g_error_matches (error, KITH_ERROR, KITH_ERROR_CLOSED)
                 || g_error_matches (error, KITH_ERROR, KITH_ERROR_DUPLICATE)
                 || g_error_matches (error, KITH_ERROR, KITH_ERROR_OTHER_DEVICE)
                 || g_error_matches (error, KITH_ERROR, KITH_ERROR_BUSY)
                 || g_error_matches (error, KITH_ERROR, KITH_ERROR_PEER_CLOSED));
  self->n_closed++;
  self->n_other_devices += g_error_matches (error, KITH_ERROR, KITH_ERROR_OTHER_DEVICE) ? 1 : 0;
  kith_session_table_remove (self->table, session);
  g_ptr_array_remove (self->sessions, session);
}

static const KithSessionEvents person_events = { person_open_cb, person_opened_cb, person_record_cb,
                                                 person_drained_cb, person_closed_cb };

static void
person_take (KithSession *session, gpointer user_data)
{
  Person *self = user_data;

  kith_session_set_events (session, &person_events, self);
  kith_session_table_add (self->table, session);
  g_ptr_array_add (self->sessions, kith_session_ref (session));
}

static void
person_init_device (Person *self, guint8 seed, guint8 device, const KithEnv *env)
{
  *self = (Person){ 0 };
  test_end_init_device (&self->end, seed, device, env);
  self->table = kith_session_table_new (self->end.local);
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_session_unref);
  self->admitted = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_session_unref);
  self->listener = kith_listener_new (self->end.local, person_take, self);
  g_assert_true (kith_listener_start (self->listener, "127.0.0.1", 0, FALSE, NULL));
}

static void
person_init (Person *self, guint8 seed, const KithEnv *env)
{
  person_init_device (self, seed, 0, env);
}

static void
person_clear (Person *self)
{
  for (guint i = 0; i < self->sessions->len; i++)
    kith_session_set_events (g_ptr_array_index (self->sessions, i), NULL, NULL);
  kith_listener_free (self->listener);
  kith_session_table_free (self->table);
  g_ptr_array_unref (self->sessions);
  g_ptr_array_unref (self->admitted);
  test_end_clear (&self->end);
}

static void
person_dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const KithBodyOpen open = { .purpose = KITH_PURPOSE_CONTACT };
  Person *self = user_data;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, NULL);

  g_assert_nonnull (session);
  self->dialled = TRUE;
  person_take (session, self);
  kith_session_open (session, &open);
}

static void
person_dial (Person *self, Person *other)
{
  KithEndpoint endpoint;

  kith_endpoint_parse (&endpoint, "127.0.0.1", kith_listener_get_port (other->listener));
  self->dialled = FALSE;
  kith_dialer_dial_async (self->end.local, &endpoint, 1, NULL, NULL, NULL, person_dialled_cb, self);
}

static gboolean
has_one (Person *self)
{
  return self->dialled && self->sessions->len == 1 && kith_session_table_get_length (self->table) == 1
         && kith_session_is_open (g_ptr_array_index (self->sessions, 0))
         && kith_session_get_n_rekeys (g_ptr_array_index (self->sessions, 0)) > 0;
}

/* Both dial at once, 100 times: one session stays, the same on both sides (attack 12). */
static void
test_simultaneous (void)
{
  guint n_dialled_by_a = 0;

  for (guint i = 0; i < 100; i++)
    {
      Person a, b;
      KithSession *of_a, *of_b;

      person_init (&a, 50, kith_env_get_default ());
      person_init (&b, 60, kith_env_get_default ());
      person_dial (&a, &b);
      for (guint k = 0; k < i % 10; k++)
        g_main_context_iteration (NULL, FALSE);
      person_dial (&b, &a);
      test_wire_wait (has_one (&a) && has_one (&b));
      settle ();
      g_assert_true (has_one (&a) && has_one (&b));

      of_a = g_ptr_array_index (a.sessions, 0);
      of_b = g_ptr_array_index (b.sessions, 0);
      g_assert_cmpint (kith_session_is_dialer (of_a), !=, kith_session_is_dialer (of_b));
      g_assert_cmpmem (kith_channel_get_exporter (of_a->channel), KITH_KEY_BYTES,
                       kith_channel_get_exporter (of_b->channel), KITH_KEY_BYTES);
      n_dialled_by_a += kith_session_is_dialer (of_a) ? 1 : 0;
      person_clear (&a);
      person_clear (&b);
    }

  /* The rule names one dialer, whoever was quicker. */
  g_assert_true (n_dialled_by_a == 0 || n_dialled_by_a == 100);
}

/* The peer was killed and has started again: its new session takes the place of the old one. Where that is alive, it is a
 * copy, and is told. */
static void
test_restarted (void)
{
  Person a, again, b;

  person_init (&a, 50, kith_env_get_default ());
  person_init (&b, 60, kith_env_get_default ());
  b.dialled = TRUE;
  person_dial (&a, &b);
  test_wire_wait (has_one (&a) && has_one (&b));

  person_init (&again, 50, kith_env_get_default ());
  person_dial (&again, &b);
  test_wire_wait (b.n_closed == 1 && has_one (&again) && has_one (&b));
  g_assert_cmpmem (kith_session_get_instance (g_ptr_array_index (b.sessions, 0)), KITH_INSTANCE_BYTES,
                   kith_local_get_instance (again.end.local), KITH_INSTANCE_BYTES);
  test_wire_wait (a.n_closed == 1);
  g_assert_cmpuint (a.n_other_devices, ==, 1);
  g_assert_cmpuint (b.n_other_devices, ==, 0);
  person_clear (&again);
  person_clear (&a);
  person_clear (&b);
}

/* An old session and new ones from the same start of the peer: the old one stays if its peer
 * answers a PING; if not, just one of the new ones does. */
static void
test_probed (void)
{
  for (guint i = 0; i < 3; i++)
    {
      KithFakeEnv env;
      Person a, b;
      KithSession *old;
      guint n_new = i == 2 ? 2 : 1;

      kith_fake_env_init (&env, 1, g_get_real_time () / G_USEC_PER_SEC);
      person_init (&a, 50, kith_env_get_default ());
      person_init (&b, 60, &env.env);
      if (i > 0) /* else it answers, however slow the machine is */
        kith_local_get_timeouts (b.end.local)->duplicate_pong_ms = 50;
      b.dialled = TRUE;
      person_dial (&a, &b);
      test_wire_wait (has_one (&a) && has_one (&b));
      settle ();
      old = g_ptr_array_index (b.sessions, 0);
      kith_fake_env_advance (&env, (KITH_LIMIT_DUPLICATE_YOUNG_MS + 1000) * 1000);
      if (i > 0)
        kith_session_set_reading (g_ptr_array_index (a.sessions, 0), FALSE);

      for (guint k = 0; k < n_new; k++)
        {
          person_dial (&a, &b);
          test_wire_wait (a.dialled && b.sessions->len == 2 + k);
        }
      test_wire_wait (b.sessions->len == 1);
      settle ();
      g_assert_cmpuint (b.sessions->len, ==, 1);
      g_assert_cmpint (g_ptr_array_index (b.sessions, 0) == old, ==, i == 0);
      person_clear (&a);
      person_clear (&b);
    }
}

/* Attack 13: one identity with any number of devices has no more than a few sessions. */
static void
test_devices (void)
{
  enum { N_DEVICES = KITH_LIMIT_SESSIONS_OF_ONE + 3 };
  Person devices[N_DEVICES], b;

  person_init (&b, 60, kith_env_get_default ());
  b.has_several = TRUE;
  for (guint8 i = 0; i < N_DEVICES; i++)
    {
      person_init_device (&devices[i], 50, i, kith_env_get_default ());
      person_dial (&devices[i], &b);
      test_wire_wait (has_one (&devices[i]));
    }

  test_wire_wait (b.sessions->len == KITH_LIMIT_SESSIONS_OF_ONE);
  for (guint i = 0; i < N_DEVICES; i++)
    {
      gboolean is_gone = i < N_DEVICES - KITH_LIMIT_SESSIONS_OF_ONE;

      test_wire_wait (devices[i].n_closed == (is_gone ? 1 : 0));
      person_clear (&devices[i]);
    }
  person_clear (&b);
}

/* Attack 13: sessions that are begun and never opened make room for each other, and for who opens one. */
static void
test_begun (void)
{
  enum { N_MORE = 8 };
  g_autoptr (GPtrArray) begun = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_session_unref);
  Person stranger, a, b;

  person_init (&stranger, 70, kith_env_get_default ());
  person_init (&a, 50, kith_env_get_default ());
  person_init (&b, 60, kith_env_get_default ());
  /* However slow the machine is: only the number of them ends any. */
  kith_local_get_timeouts (stranger.end.local)->open_ms = G_MAXUINT / 2;
  kith_local_get_timeouts (b.end.local)->open_ms = G_MAXUINT / 2;
  b.dialled = TRUE;
  for (guint i = 0; i < KITH_LIMIT_SESSIONS_BEGUN + N_MORE; i++)
    {
      KithSession *session = test_wire_dial (&stranger.end, kith_listener_get_port (b.listener), NULL, NULL);

      g_assert_nonnull (session);
      g_ptr_array_add (begun, session);
      test_wire_wait (b.n_closed + b.sessions->len == i + 1);
    }
  g_assert_cmpuint (b.sessions->len, ==, KITH_LIMIT_SESSIONS_BEGUN);
  g_assert_cmpuint (b.n_closed, ==, N_MORE);

  person_dial (&a, &b);
  test_wire_wait (has_one (&a));
  g_assert_cmpuint (b.sessions->len, ==, KITH_LIMIT_SESSIONS_BEGUN);
  g_assert_cmpuint (b.n_closed, ==, N_MORE + 1);
  person_clear (&stranger);
  person_clear (&a);
  person_clear (&b);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/duplicates/simultaneous", test_simultaneous);
  g_test_add_func ("/duplicates/restarted", test_restarted);
  g_test_add_func ("/duplicates/probed", test_probed);
  g_test_add_func ("/duplicates/devices", test_devices);
  g_test_add_func ("/duplicates/begun", test_begun);
  return g_test_run ();
}

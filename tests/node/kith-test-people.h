/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-error.h"
#include "kith-test-folder.h"
#include "node/kith-node.h"
#include "node/kith-node-private.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* People for scenarios: each is a whole node with a listener of its own on loopback. Everything
 * waits for events with a deadline and never sleeps. */

#define TEST_DEADLINE_S 30

/* Called in each turn while something is waited for; NULL: nothing is. */
extern void (*test_wait_hook) (void);

typedef struct
{
  char      *name;
  KithStore *store;
  KithNode  *node;
  const KithEnv *env; /* (nullable): instead of the real one */
  guint      n_message_signals;
} TestPerson;

typedef gboolean (*TestFinishFunc) (KithNode *node, GAsyncResult *result, GError **error);

TestPerson      *test_person_new           (const char *name);
TestPerson      *test_person_new_in        (const char *name,
                                            const KithEnv *env);
TestPerson      *test_person_new_on        (const char *name,
                                            KithStore  *store,
                                            const KithEnv *env);
void             test_person_free          (TestPerson *self);
void             test_person_stop          (TestPerson *self);
void             test_person_crash         (TestPerson *self);
void             test_person_start         (TestPerson *self);
void             test_person_start_quietly (TestPerson *self);
KithContact     *test_person_contact       (TestPerson *self,
                                            TestPerson *other);
KithConversation *test_person_conversation (TestPerson *self,
                                            TestPerson *other);
KithMessage     *test_person_send          (TestPerson *self,
                                            TestPerson *to,
                                            const char *text);
guint            test_person_count_text    (TestPerson *self,
                                            TestPerson *other,
                                            const char *text);
gboolean         test_person_is_online     (TestPerson *self,
                                            TestPerson *other);
void             test_person_set_ttl       (TestPerson *self,
                                            TestPerson *other,
                                            guint32     ttl_s);
void             test_befriend             (TestPerson *a,
                                            TestPerson *b);
void             test_finish_well          (TestPerson      *person,
                                            GAsyncResult   **slot,
                                            TestFinishFunc   finish);
void             test_finish_badly         (TestPerson      *person,
                                            GAsyncResult   **slot,
                                            TestFinishFunc   finish,
                                            KithError        code);
GAsyncResult    *test_await                (GAsyncResult **slot);
void             test_result_cb            (GObject      *source,
                                            GAsyncResult *result,
                                            gpointer      user_data);
void             test_wait_step            (gint64        deadline_us,
                                            const char   *what,
                                            const char   *file,
                                            int           line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestPerson, test_person_free)

/* Turns the main loop until @condition holds, or fails the test after the deadline. */
#define test_wait_for(condition)                                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 test_deadline_us = g_get_monotonic_time () + TEST_DEADLINE_S * G_USEC_PER_SEC;          \
    while (!(condition))                                                                           \
      test_wait_step (test_deadline_us, #condition, __FILE__, __LINE__);                           \
  }                                                                                                \
  G_STMT_END

G_END_DECLS

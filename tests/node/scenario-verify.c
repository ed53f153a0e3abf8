/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two people make sure of each other, and somebody disturbs them. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-people.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "net/kith-session-private.h"
#include "node/kith-node-verify.h"
#include "node/kith-verification.h"
#include "proto/kith-body.h"

#include <sodium.h>

static KithComparison *
comparison (TestPerson *self, TestPerson *other)
{
  return kith_node_get_words (self->node, test_person_contact (self, other));
}

static gboolean
is_in (TestPerson *self, TestPerson *other, KithComparisonState state)
{
  return comparison (self, other) != NULL
         && kith_comparison_get_state (comparison (self, other)) == state;
}

static KithComparison *
start (TestPerson *self, TestPerson *other)
{
  g_autoptr (GError) error = NULL;
  KithComparison *started =
    kith_node_start_words (self->node, test_person_contact (self, other), &error);

  g_assert_no_error (error);
  return started;
}

static void
answer (TestPerson *self, TestPerson *other, gboolean yes)
{
  g_autoptr (GError) error = NULL;

  kith_node_answer_words (self->node, test_person_contact (self, other), yes, &error);
  g_assert_no_error (error);
}

static KithVerified
verified (TestPerson *self, TestPerson *other)
{
  return kith_contact_get_verified (test_person_contact (self, other));
}

static KithPeer *
peer_of (TestPerson *self, TestPerson *other)
{
  return kith_node_lookup_peer (self->node,
                                kith_contact_get_identity (test_person_contact (self, other)));
}

/* As far as both see the words. Returns: (transfer full): what @a has of it */
static KithComparison *
both_see_words (TestPerson *a, TestPerson *b)
{
  KithComparison *started = start (a, b);

  test_wait_for (is_in (b, a, KITH_COMPARISON_ASKED));
  answer (b, a, TRUE);
  test_wait_for (is_in (a, b, KITH_COMPARISON_WORDS));
  test_wait_for (is_in (b, a, KITH_COMPARISON_WORDS));
  return started;
}

/* --- As it should be ------------------------------------------------------------------------ */

static void
both_verify (TestPerson *a, TestPerson *b)
{
  g_autoptr (KithComparison) of_a = both_see_words (a, b);
  g_autoptr (KithComparison) of_b = g_object_ref (comparison (b, a));

  g_assert_cmpstr (kith_comparison_get_words (of_a), ==, kith_comparison_get_words (of_b));
  answer (a, b, TRUE);
  g_assert_cmpint (kith_comparison_get_state (of_a), ==, KITH_COMPARISON_CONFIRMED);
  g_assert_cmpint (verified (a, b), ==, KITH_VERIFIED_NOT);
  answer (b, a, TRUE);
  test_wait_for (verified (a, b) == KITH_VERIFIED_WORDS && verified (b, a) == KITH_VERIFIED_WORDS);
  g_assert_cmpint (kith_comparison_get_state (of_a), ==, KITH_COMPARISON_SAME);
  g_assert_cmpint (kith_comparison_get_state (of_b), ==, KITH_COMPARISON_SAME);
  g_assert_cmpint (kith_contact_get_verified_ms (test_person_contact (a, b)), >, 0);
  g_assert_null (comparison (a, b));
  g_assert_null (comparison (b, a));
}

/* Whoever dialled, and whoever starts. */
static void
test_same (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cat = test_person_new ("Cat");

  test_befriend (ann, ben);
  both_verify (ann, ben);
  test_befriend (cat, ann);
  both_verify (ann, cat);

  /* It is still known after a restart. */
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpint (verified (ann, ben), ==, KITH_VERIFIED_WORDS);
  g_assert_cmpint (kith_contact_get_verified_ms (test_person_contact (ann, ben)), >, 0);
}

static void
test_both_start (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithComparison) of_ann = NULL;
  g_autoptr (KithComparison) of_ben = NULL;

  test_befriend (ann, ben);
  of_ann = start (ann, ben);
  of_ben = start (ben, ann);
  test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_WORDS);
  test_wait_for (kith_comparison_get_state (of_ben) == KITH_COMPARISON_WORDS);
  g_assert_cmpstr (kith_comparison_get_words (of_ann), ==, kith_comparison_get_words (of_ben));
}

/* New keys between the first record and the last change nothing. */
static void
test_rekey_between (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithComparison) of_ann = NULL;
  KithSession *dialer;
  guint32 before;

  test_befriend (ann, ben);
  dialer = peer_of (ann, ben)->session;
  if (!kith_session_is_dialer (dialer))
    dialer = peer_of (ben, ann)->session;
  test_wait_for (dialer->rekeying == KITH_REKEYING_NONE && kith_session_get_n_rekeys (dialer) > 0);

  of_ann = start (ann, ben);
  test_wait_for (is_in (ben, ann, KITH_COMPARISON_ASKED));
  before = kith_session_get_n_rekeys (dialer);
  kith_session_rekey_start (dialer, TRUE);
  test_wait_for (kith_session_get_n_rekeys (dialer) > before);
  answer (ben, ann, TRUE);
  test_wait_for (is_in (ann, ben, KITH_COMPARISON_WORDS) && is_in (ben, ann, KITH_COMPARISON_WORDS));
  g_assert_cmpstr (kith_comparison_get_words (of_ann), ==,
                   kith_comparison_get_words (comparison (ben, ann)));
}

/* --- As it may be --------------------------------------------------------------------------- */

static void
test_declined (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithComparison) of_ann = NULL;
  g_autoptr (KithComparison) once_too_often = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  of_ann = start (ann, ben);
  test_wait_for (is_in (ben, ann, KITH_COMPARISON_ASKED));
  answer (ben, ann, FALSE);
  test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_ENDED);
  g_assert_null (comparison (ben, ann));
  g_assert_false (kith_node_answer_words (ann->node, test_person_contact (ann, ben), TRUE, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);

  /* That was no failure, and may be tried again; but not to pester him. */
  for (guint i = 1; i < KITH_LIMIT_SAS_ASKS; i++)
    {
      g_autoptr (KithComparison) again = start (ann, ben);

      test_wait_for (is_in (ben, ann, KITH_COMPARISON_ASKED));
      kith_node_stop_words (ann->node, test_person_contact (ann, ben));
      g_assert_cmpint (kith_comparison_get_state (again), ==, KITH_COMPARISON_ENDED);
      test_wait_for (comparison (ben, ann) == NULL);
    }

  once_too_often = start (ann, ben);
  test_wait_for (kith_comparison_get_state (once_too_often) == KITH_COMPARISON_ENDED);
  g_assert_null (comparison (ben, ann));
  g_assert_true (test_person_is_online (ann, ben));
}

/* Three times in a day, and the other ways are left. */
static void
test_different_three_times (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GError) error = NULL;
  g_autoptr (KithComparison) refused = NULL;

  test_befriend (ann, ben);
  for (guint i = 0; i < KITH_LIMIT_SAS_FAILURES; i++)
    {
      g_autoptr (KithComparison) of_ann = both_see_words (ann, ben);

      answer (ann, ben, TRUE);
      answer (ben, ann, FALSE);
      test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_DIFFERENT);
    }

  g_assert_cmpint (verified (ann, ben), ==, KITH_VERIFIED_NOT);
  g_assert_cmpint (verified (ben, ann), ==, KITH_VERIFIED_NOT);
  refused = kith_node_start_words (ann->node, test_person_contact (ann, ben), &error);
  g_assert_null (refused);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_PAUSED);

  /* Also when the other side has forgotten, and the day after it is over. */
  peer_of (ann, ben)->row->sas_failures = 0;
  refused = start (ann, ben);
  test_wait_for (kith_comparison_get_state (refused) == KITH_COMPARISON_ENDED);
  peer_of (ben, ann)->row->sas_failed_ms -= KITH_LIMIT_SAS_FAILURES_MS;
  both_verify (ann, ben);
}

static void
test_lost_on_the_way (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithComparison) of_ann = NULL;
  g_autoptr (GError) error = NULL;
  KithContact *contact;

  test_befriend (ann, ben);
  contact = test_person_contact (ann, ben);
  of_ann = both_see_words (ann, ben);
  answer (ann, ben, TRUE);
  test_person_stop (ben);
  test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_ENDED);
  g_assert_cmpint (kith_contact_get_verified (contact), ==, KITH_VERIFIED_NOT);
  g_assert_null (kith_node_start_words (ann->node, contact, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_UNREACHABLE);
}

static void
test_nobody_answers (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithComparison) of_ann = NULL;

  test_befriend (ann, ben);
  kith_local_get_timeouts (ann->node->local)->sas_answer_ms = 50;
  of_ann = start (ann, ben);
  test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_ENDED);
  test_wait_for (comparison (ben, ann) == NULL);
  g_assert_true (test_person_is_online (ann, ben));
}

/* --- Somebody does not keep to it ----------------------------------------------------------- */

typedef struct
{
  KithRecordType type;
  gboolean       this_attempt;
  KithSasOutcome outcome;
  gboolean       closes;
} Wrong;

/* Ben sends that while Ann waits for him to agree. */
static void
test_wrong_records (void)
{
  static const Wrong wrongs[] = {
    { KITH_RECORD_SAS_REPLY, FALSE, KITH_SAS_NONE, FALSE },
    { KITH_RECORD_SAS_REVEAL, FALSE, KITH_SAS_SAME, FALSE },
    { KITH_RECORD_SAS_REVEAL, TRUE, KITH_SAS_SAME, TRUE },
    { KITH_RECORD_SAS_REVEAL, TRUE, KITH_SAS_DIFFERENT, TRUE },
    { KITH_RECORD_SAS_REVEAL, TRUE, KITH_SAS_NONE, TRUE },
    { KITH_RECORD_SAS_REPLY, TRUE, KITH_SAS_GIVEN_UP, TRUE },
    { KITH_RECORD_SAS_COMMIT, FALSE, KITH_SAS_SAME, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_autoptr (TestPerson) ann = test_person_new ("Ann");
      g_autoptr (TestPerson) ben = test_person_new ("Ben");
      g_autoptr (KithComparison) of_ann = NULL;
      KithBodySas body = { .attempt = 1, .outcome = wrongs[i].outcome };

      test_befriend (ann, ben);
      of_ann = start (ann, ben);
      test_wait_for (is_in (ben, ann, KITH_COMPARISON_ASKED));
      if (wrongs[i].this_attempt)
        body.attempt = kith_verification_get_attempt (peer_of (ben, ann)->verification);
      kith_session_send_bytes (peer_of (ben, ann)->session, wrongs[i].type,
                               kith_body_sas_pack (&body));
      if (wrongs[i].closes)
        {
          test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_ENDED);
          continue;
        }

      answer (ben, ann, TRUE);
      test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_WORDS);
    }
}

/* Ben commits to one number and reveals another. */
static void
test_false_reveal (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithComparison) of_ann = NULL;
  KithBodySas body = { .attempt = 7 };
  KithSession *session;

  test_befriend (ann, ben);
  session = peer_of (ben, ann)->session;
  kith_sas_commit ((const guint8[KITH_SAS_BYTES]){ 1 }, kith_session_get_first_hash (session),
                   body.value);
  kith_session_send_bytes (session, KITH_RECORD_SAS_COMMIT, kith_body_sas_pack (&body));
  test_wait_for (is_in (ann, ben, KITH_COMPARISON_ASKED));
  of_ann = g_object_ref (comparison (ann, ben));
  answer (ann, ben, TRUE);

  memset (body.value, 2, sizeof body.value);
  kith_session_send_bytes (session, KITH_RECORD_SAS_REVEAL, kith_body_sas_pack (&body));
  test_wait_for (kith_comparison_get_state (of_ann) == KITH_COMPARISON_DIFFERENT);
  g_assert_null (kith_comparison_get_words (of_ann));
  g_assert_cmpuint (peer_of (ann, ben)->row->sas_failures, ==, 1);
}

/* --- Codes ---------------------------------------------------------------------------------- */

static GError *
verify_code (TestPerson *self, TestPerson *other, const char *code)
{
  g_autoptr (GAsyncResult) done = NULL;
  GError *error = NULL;

  kith_node_verify_code_async (self->node, test_person_contact (self, other), code, NULL,
                               test_result_cb, &done);
  kith_node_verify_code_finish (self->node, test_await (&done), &error);
  return error;
}

static void
test_code (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) eve = test_person_new ("Ben");
  g_autofree char *of_ann = kith_node_dup_own_code (ann->node);
  g_autofree char *of_ben = kith_node_dup_own_code (ben->node);
  g_autofree char *of_eve = kith_node_dup_own_code (eve->node);
  g_autoptr (GError) somebody_else = NULL;
  g_autoptr (GError) own = NULL;
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) right = NULL;

  test_befriend (ann, ben);
  somebody_else = verify_code (ann, ben, of_eve);
  g_assert_error (somebody_else, KITH_ERROR, KITH_ERROR_WRONG_IDENTITY);
  own = verify_code (ann, ben, of_ann);
  g_assert_error (own, KITH_ERROR, KITH_ERROR_SELF);
  none = verify_code (ann, ben, "KITH:I/AAAA");
  g_assert_error (none, KITH_ERROR, KITH_ERROR_INVALID);
  g_assert_cmpint (verified (ann, ben), ==, KITH_VERIFIED_NOT);

  right = verify_code (ann, ben, of_ben);
  g_assert_no_error (right);
  g_assert_cmpint (verified (ann, ben), ==, KITH_VERIFIED_CODE);
  g_assert_cmpint (verified (ben, ann), ==, KITH_VERIFIED_NOT);
}

/* --- A changed identity is a new person ----------------------------------------------------- */

static gboolean
name_taken (TestPerson *self, TestPerson *other)
{
  return kith_contact_get_name_taken (test_person_contact (self, other));
}

static void
set_verified (TestPerson *self, TestPerson *other, KithVerified how)
{
  g_autoptr (GAsyncResult) done = NULL;

  kith_node_set_verified_async (self->node, test_person_contact (self, other), how, NULL,
                                test_result_cb, &done);
  g_assert_true (kith_node_set_verified_finish (self->node, test_await (&done), NULL));
}

static void
set_alias (TestPerson *self, TestPerson *other, const char *alias)
{
  g_autoptr (GAsyncResult) done = NULL;

  kith_node_set_alias_async (self->node, test_person_contact (self, other), alias, NULL,
                             test_result_cb, &done);
  g_assert_true (kith_node_set_alias_finish (self->node, test_await (&done), NULL));
}

static void
test_same_name (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) eve = test_person_new ("\xef\xbc\xa2\xef\xbd\x85\xef\xbd\x8e"); /* wide */
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (KithContact) contact = NULL;

  test_befriend (ann, ben);
  set_verified (ann, ben, KITH_VERIFIED_NUMBER);
  g_assert_false (name_taken (ann, ben));

  kith_node_connect_async (eve->node, "127.0.0.1", kith_node_get_listen_port (ann->node),
                           "Ben here, with a new telephone", NULL, test_result_cb, &connected);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ann->node)) == 1);
  request = g_list_model_get_item (kith_node_get_requests (ann->node), 0);
  g_assert_true (kith_request_get_name_taken (request));

  kith_node_accept_async (ann->node, request, NULL, test_result_cb, &accepted);
  contact = kith_node_accept_finish (ann->node, test_await (&accepted), NULL);
  g_assert_true (name_taken (ann, eve));
  g_assert_false (name_taken (ann, ben));
  g_assert_cmpint (kith_contact_get_verified (contact), ==, KITH_VERIFIED_NOT);
  g_assert_null (kith_conversation_get_last_message (test_person_conversation (ann, eve)));
  test_await (&connected);

  set_alias (ann, eve, "Somebody");
  g_assert_false (name_taken (ann, eve));
  set_alias (ann, eve, "bE\xe2\x80\x8dN\xe2\x81\xa1"); /* with what is not seen */
  g_assert_true (name_taken (ann, eve));
  set_verified (ann, ben, KITH_VERIFIED_NOT);
  g_assert_true (name_taken (ann, ben));
  set_verified (ann, eve, KITH_VERIFIED_NUMBER);
  g_assert_false (name_taken (ann, eve));
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verify/same", test_same);
  g_test_add_func ("/verify/both-start", test_both_start);
  g_test_add_func ("/verify/rekey-between", test_rekey_between);
  g_test_add_func ("/verify/declined", test_declined);
  g_test_add_func ("/verify/different-three-times", test_different_three_times);
  g_test_add_func ("/verify/lost-on-the-way", test_lost_on_the_way);
  g_test_add_func ("/verify/nobody-answers", test_nobody_answers);
  g_test_add_func ("/verify/wrong-records", test_wrong_records);
  g_test_add_func ("/verify/false-reveal", test_false_reveal);
  g_test_add_func ("/verify/code", test_code);
  g_test_add_func ("/verify/same-name", test_same_name);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7. What a meeting should have in the DHT is computed anew at every turn, and brought
 * about one operation at a time: at most ten a second for all meetings together, so that nothing
 * comes in a burst, whether ten contacts are absent or five hundred. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-meeting-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-meeting-times.h"

#define MINUTE_MS 60000

static void plan (KithMeeting *self);
static void keep_pace (KithMeetings *self);

static gint64
now_s (KithMeetings *self)
{
  return kith_env_realtime_s (self->env);
}

/* --- Which epochs, and when ----------------------------------------------------------------- */

/* For how many seconds more a meeting of turns keeps its value: to the end of its turn, and after
 * being made to look for as long as a turn. */
static guint
turn_left_s (KithMeeting *self)
{
  gint64 since_s = (kith_env_monotonic_us (self->owner->env) - self->begun_us) / G_USEC_PER_SEC;
  gint64 left_s = kith_meeting_get_turn_left_s (self->root, now_s (self->owner),
                                                self->owner->period_s);

  return (guint) MAX (left_s, KITH_LIMIT_DHT_TURN_S - since_s);
}

/**
 * kith_meeting_shall_publish: (skip)
 * @self: a meeting
 *
 * Returns: whether our value is to be kept in the DHT now
 */
gboolean
kith_meeting_shall_publish (KithMeeting *self)
{
  return self->active && !self->quiet && self->owner->n_endpoints > 0
         && (self->tier != KITH_MEETING_TURNS || turn_left_s (self) > 0);
}

/* --- Ranks ---------------------------------------------------------------------------------- */

static gint
compare_ranks (gconstpointer a, gconstpointer b)
{
  const KithMeeting *left = *(KithMeeting *const *) a;
  const KithMeeting *right = *(KithMeeting *const *) b;

  if (left->active != right->active)
    return left->active ? -1 : 1;

  return left->rank == right->rank ? 0 : left->rank > right->rank ? -1 : 1;
}

/* Once for all changes since the last pace: of five hundred meetings each may change. */
static void
rank_all (KithMeetings *self)
{
  guint n = 0;

  if (self->ranked)
    return;

  self->ranked = TRUE;
  g_ptr_array_sort (self->meetings, compare_ranks);
  while (n < self->meetings->len && ((KithMeeting *) self->meetings->pdata[n])->active)
    n++;
  self->period_s = kith_meeting_get_period_s (n - MIN (n, KITH_LIMIT_DHT_PUBLISHED));
  for (guint i = 0; i < self->meetings->len; i++)
    {
      KithMeeting *meeting = g_ptr_array_index (self->meetings, i);
      KithMeetingTier tier = i < KITH_LIMIT_DHT_LISTENS ? KITH_MEETING_LISTENED
                  : i < KITH_LIMIT_DHT_PUBLISHED ? KITH_MEETING_PUBLISHED : KITH_MEETING_TURNS;

      if (meeting->tier == tier)
        continue;
      meeting->tier = tier;
      plan (meeting);
    }
}

static void
rank_again (KithMeetings *self)
{
  self->ranked = FALSE;
  keep_pace (self);
}

/* --- Pace ----------------------------------------------------------------------------------- */

static gboolean pace_cb (gpointer user_data);

static void
keep_pace (KithMeetings *self)
{
  guint ms = KITH_LIMIT_DHT_OPERATION_MS / 2
             + kith_env_random_uniform (self->env, KITH_LIMIT_DHT_OPERATION_MS);

  if (self->pace != NULL || (self->ranked && g_queue_is_empty (&self->queue)))
    return;

  kith_source_start (&self->pace, ms, pace_cb, self);
  g_source_set_static_name (self->pace, "kith-meetings-pace");
}

static gboolean
pace_cb (gpointer user_data)
{
  KithMeetings *self = user_data;
  gboolean did = FALSE;

  kith_source_clear (&self->pace);
  rank_all (self);
  while (!did && !g_queue_is_empty (&self->queue))
    {
      KithMeeting *meeting = g_queue_peek_head (&self->queue);

      did = kith_meeting_step (meeting);
      g_queue_pop_head (&self->queue);
      meeting->queued = FALSE;
      if (did)
        {
          g_queue_push_tail (&self->queue, meeting);
          meeting->queued = TRUE;
        }
    }

  keep_pace (self);
  return G_SOURCE_REMOVE;
}

static void
enqueue (KithMeeting *self)
{
  if (!self->queued)
    g_queue_push_tail (&self->owner->queue, self);
  self->queued = TRUE;
  keep_pace (self->owner);
}

/* --- Turns ---------------------------------------------------------------------------------- */

/* 1, 2, 4 … 60 minutes after one another, a quarter more or less. A meeting that is listened for
 * needs it only as a net; one of turns looks in the middle of its turn. */
static gint64
until_next_look_ms (KithMeeting *self)
{
  guint minutes = 1u << MIN (MAX (self->n_looks, 1) - 1, 6);
  gint64 ms = MIN (minutes, KITH_LIMIT_DHT_LOOK_MAX_MINUTES) * (gint64) MINUTE_MS;

  if (self->tier == KITH_MEETING_TURNS)
    return 1000 * (gint64) kith_meeting_get_until_look_s (self->root, now_s (self->owner),
                                                          self->owner->period_s);

  return ms - ms / 4 + kith_env_random_uniform (self->owner->env, (guint32) (ms / 2) + 1);
}

/* The value is put at the beginning of a turn and given up at its end. */
static gint64
until_next_edge_ms (KithMeeting *self)
{
  guint edge_s = kith_meeting_get_edge_s (self->root, now_s (self->owner));

  if (self->tier == KITH_MEETING_TURNS && turn_left_s (self) > 0)
    edge_s = MIN (edge_s, turn_left_s (self));
  else if (self->tier == KITH_MEETING_TURNS)
    edge_s = MIN (edge_s, kith_meeting_get_until_turn_s (self->root, now_s (self->owner),
                                                         self->owner->period_s));

  return (edge_s + 1) * (gint64) 1000;
}

static void
begin_look (KithMeeting *self)
{
  self->look_due = self->active;
  self->look++;
}

static gboolean
turn_cb (gpointer user_data)
{
  KithMeeting *self = user_data;

  kith_timer_clear (&self->turn);
  if (!self->look_due && kith_env_monotonic_us (self->owner->env) >= self->look_at_us)
    begin_look (self);
  plan (self);
  return G_SOURCE_REMOVE;
}

/* Comes back when there may be something to do. A look that is due waits for its place in the queue,
 * and the next one is reckoned from it. */
static void
await_turn (KithMeeting *self)
{
  gint64 ms = until_next_edge_ms (self);

  kith_timer_clear (&self->turn);
  if (!self->active)
    return;

  if (!self->look_due)
    ms = CLAMP ((self->look_at_us - kith_env_monotonic_us (self->owner->env)) / 1000 + 1, 1, ms);
  kith_timer_start (&self->turn, (guint) ms, turn_cb, self);
}

static void
plan (KithMeeting *self)
{
  enqueue (self);
  await_turn (self);
}

/* Every place was asked: when to ask again follows from this moment. */
void
kith_meeting_looked (KithMeeting *self)
{
  self->look_due = FALSE;
  self->n_looks++;
  self->looked_ms = kith_env_realtime_ms (self->owner->env);
  self->look_at_us = kith_env_monotonic_us (self->owner->env) + 1000 * until_next_look_ms (self);
  await_turn (self);
}

static void
look_from_the_start (KithMeeting *self)
{
  self->n_looks = 0;
  self->begun_us = kith_env_monotonic_us (self->owner->env);
  begin_look (self);
  plan (self);
}

/* --- A meeting ------------------------------------------------------------------------------ */

static void
meeting_free (gpointer data)
{
  KithMeeting *self = data;

  kith_timer_clear (&self->turn);
  if (self->queued)
    g_queue_remove (&self->owner->queue, self);
  for (guint i = 0; i < self->out->len; i++)
    kith_dht_cancel_put (self->owner->dht, g_array_index (self->out, KithOutSpot, i).put);
  g_array_unref (self->out);
  g_ptr_array_unref (self->in);
  g_clear_pointer (&self->open_with, kith_secret_unref);
  kith_secret_wipe (self->root, sizeof self->root);
  g_free (self);
}

/**
 * kith_meetings_add: (skip)
 * @self: the meetings
 * @root: what the two have in common: a pair root, or the root of an invite
 * @dir: of our values: 0 when our identity is the lower, or the invite is ours; else 1
 * @found: called with what they put there
 * @user_data: given to it
 *
 * It does nothing until kith_meeting_set_active().
 *
 * Returns: (transfer none): the meeting, until kith_meeting_remove()
 */
KithMeeting *
kith_meetings_add (KithMeetings *self, const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], guint8 dir,
                   KithMeetingFunc found, gpointer user_data)
{
  KithMeeting *meeting = g_new0 (KithMeeting, 1);

  meeting->owner = self;
  memcpy (meeting->root, root, sizeof meeting->root);
  meeting->dir = dir;
  meeting->found = found;
  meeting->user_data = user_data;
  meeting->tier = KITH_MEETING_TURNS;
  meeting->out = g_array_new (FALSE, FALSE, sizeof (KithOutSpot));
  meeting->in = g_ptr_array_new_with_free_func (kith_in_spot_free);
  g_ptr_array_add (self->meetings, meeting);
  return meeting;
}

/**
 * kith_meeting_remove: (skip)
 * @self: (transfer full): a meeting
 *
 * Our values are no longer kept, and nothing is told any more.
 */
void
kith_meeting_remove (KithMeeting *self)
{
  KithMeetings *owner = self->owner;

  g_ptr_array_remove (owner->meetings, self);
  rank_again (owner);
}

/**
 * kith_meeting_seal_to: (skip)
 * @self: a meeting
 * @reader: a public key: nobody but its owner shall read our values (7.3)
 */
void
kith_meeting_seal_to (KithMeeting *self, const guint8 reader[KITH_RENDEZVOUS_KEY_BYTES])
{
  memcpy (self->seal_to, reader, sizeof self->seal_to);
  self->sealed = TRUE;
}

/**
 * kith_meeting_open_with: (skip)
 * @self: a meeting
 * @reader: (transfer none): the private key that their values are sealed to (7.3)
 */
void
kith_meeting_open_with (KithMeeting *self, KithSecret *reader)
{
  self->open_with = kith_secret_ref (reader);
  self->any = TRUE;
}

/**
 * kith_meeting_take_any: (skip)
 * @self: a meeting by a root that others have as well
 *
 * A high number from one of them must not hide what comes after it: each value counts once, whatever its
 * number.
 */
void
kith_meeting_take_any (KithMeeting *self)
{
  self->any = TRUE;
}

/**
 * kith_meeting_keep_quiet: (skip)
 * @self: a meeting by a root that is known to people who are not to know where we are
 *
 * Theirs is looked for, and ours is not put there.
 */
void
kith_meeting_keep_quiet (KithMeeting *self)
{
  self->quiet = TRUE;
}

/**
 * kith_meeting_set_last_seq: (skip)
 * @self: a meeting
 * @seq: the number of the last value of theirs that was accepted
 */
void
kith_meeting_set_last_seq (KithMeeting *self, guint64 seq)
{
  self->last_seq = MAX (self->last_seq, seq);
}

/**
 * kith_meeting_set_rank: (skip)
 * @self: a meeting
 * @rank: the higher, the more is done for it; such as when they were seen last
 */
void
kith_meeting_set_rank (KithMeeting *self, gint64 rank)
{
  if (self->rank == rank)
    return;

  self->rank = rank;
  rank_again (self->owner);
}

/**
 * kith_meeting_set_active: (skip)
 * @self: a meeting
 * @active: whether they are absent, and wanted
 */
void
kith_meeting_set_active (KithMeeting *self, gboolean active)
{
  if (self->active == !!active)
    return;

  self->active = !!active;
  rank_again (self->owner);
  look_from_the_start (self);
}

/**
 * kith_meeting_look_now: (skip)
 * @self: a meeting
 *
 * Looks for them at once instead of at the next turn.
 */
void
kith_meeting_look_now (KithMeeting *self)
{
  if (self->active)
    look_from_the_start (self);
}

/**
 * kith_meeting_is_looking: (skip)
 * @self: a meeting
 *
 * Returns: whether a question is on its way, or about to be asked
 */
gboolean
kith_meeting_is_looking (KithMeeting *self)
{
  if (self->look_due)
    return TRUE;

  for (guint i = 0; i < self->in->len; i++)
    if (((const KithInSpot *) g_ptr_array_index (self->in, i))->get != 0)
      return TRUE;

  return FALSE;
}

/**
 * kith_meeting_get_looked_ms: (skip)
 * @self: a meeting
 *
 * Returns: when they were looked for last, in ms since 1970; 0 = never
 */
gint64
kith_meeting_get_looked_ms (KithMeeting *self)
{
  return self->looked_ms;
}

/* --- All of them ---------------------------------------------------------------------------- */

/**
 * kith_meetings_new: (skip)
 * @env: (transfer none): clock and randomness; has to outlive the meetings
 * @dht: (transfer none): the DHT
 *
 * Returns: (transfer full): no meetings yet
 */
KithMeetings *
kith_meetings_new (const KithEnv *env, KithDht *dht)
{
  KithMeetings *self = g_new0 (KithMeetings, 1);

  self->env = env;
  self->dht = g_object_ref (dht);
  self->meetings = g_ptr_array_new_with_free_func (meeting_free);
  self->ranked = TRUE;
  self->period_s = kith_meeting_get_period_s (0);
  return self;
}

/**
 * kith_meetings_free: (skip)
 * @self: (transfer full) (nullable): the meetings
 *
 * Frees them with every meeting.
 */
void
kith_meetings_free (KithMeetings *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->meetings);
  kith_source_clear (&self->pace);
  g_object_unref (self->dht);
  g_free (self);
}

/**
 * kith_meetings_set_endpoints: (skip)
 * @self: the meetings
 * @endpoints: (array length=n): where we can be reached
 * @n: how many; at most %KITH_LIMIT_ENDPOINTS are taken
 *
 * Puts the new values wherever old ones are. Without an endpoint nothing is put.
 */
void
kith_meetings_set_endpoints (KithMeetings *self, const KithEndpoint *endpoints, guint n)
{
  n = MIN (n, KITH_LIMIT_ENDPOINTS);
  if (n == self->n_endpoints
      && (n == 0 || memcmp (endpoints, self->endpoints, n * sizeof *endpoints) == 0))
    return;

  memset (self->endpoints, 0, sizeof self->endpoints);
  if (n > 0)
    memcpy (self->endpoints, endpoints, n * sizeof *endpoints);
  self->n_endpoints = n;
  self->version++;
  for (guint i = 0; i < self->meetings->len; i++)
    plan (g_ptr_array_index (self->meetings, i));
}

/**
 * kith_meetings_look_again: (skip)
 * @self: the meetings
 *
 * Looks for everybody anew, as after a change of network; for the many in turns not too often.
 */
void
kith_meetings_look_again (KithMeetings *self)
{
  gint64 now_ms = kith_env_realtime_ms (self->env);

  for (guint i = 0; i < self->meetings->len; i++)
    {
      KithMeeting *meeting = g_ptr_array_index (self->meetings, i);

      if (meeting->tier != KITH_MEETING_TURNS
          || ABS (now_ms - meeting->looked_ms) > KITH_LIMIT_DHT_LOOK_AGAIN_S * (gint64) 1000)
        kith_meeting_look_now (meeting);
    }
}

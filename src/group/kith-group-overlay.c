/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: which members should be linked with which. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-overlay.h"

#include <string.h>

#include "base/kith-limits.h"
#include "group/kith-group-table.h"

#define RANDOM_LINKS 2
#define DISTANCES ((KITH_LIMIT_GROUP_LINKS - RANDOM_LINKS) / 2)
#define WIDEN_MOST 8

typedef struct
{
  guint8  place[KITH_HASH_BYTES];
  guint8  author[KITH_GROUP_KEY_BYTES];
} Seat;

/* One of the links that are wanted: to somebody at that distance, or if they are not there, to one
 * of those after them. */
typedef struct
{
  gint     distance; /* on the ring, from us */
  guint    width;    /* how many from there on are wanted */
  gint64   since_ms; /* when it was widened, or lost; 0 = not yet */
} Slot;

struct _KithGroupOverlay
{
  GArray     *ring;   /* (owned) (element-type Seat): sorted */
  guint       mine;   /* our index in it */
  gboolean    member;
  GArray     *slots;  /* (owned) (element-type Slot) */
  GHashTable *linked; /* (owned): set of author keys, as GBytes */
  gboolean    changed;
};

/**
 * kith_group_overlay_new:
 *
 * Returns: (transfer full): an overlay of nobody
 */
KithGroupOverlay *
kith_group_overlay_new (void)
{
  KithGroupOverlay *self = g_new0 (KithGroupOverlay, 1);

  self->ring = g_array_new (FALSE, FALSE, sizeof (Seat));
  self->slots = g_array_new (FALSE, FALSE, sizeof (Slot));
  self->linked = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify) g_bytes_unref, NULL);
  return self;
}

/**
 * kith_group_overlay_free:
 * @self: (transfer full): an overlay
 */
void
kith_group_overlay_free (KithGroupOverlay *self)
{
  g_array_unref (self->ring);
  g_array_unref (self->slots);
  g_hash_table_unref (self->linked);
  g_free (self);
}

static gint
compare_seats (gconstpointer a, gconstpointer b)
{
  return memcmp (((const Seat *) a)->place, ((const Seat *) b)->place, KITH_HASH_BYTES);
}

static void
fill_ring (KithGroupOverlay *self, const KithGroupState *state, const guint8 *me)
{
  g_array_set_size (self->ring, 0);
  for (guint i = 0; i < state->members->len; i++)
    {
      const KithGroupMember *member = state->members->pdata[i];
      Seat seat;

      if (member->removed_height != KITH_GROUP_NEVER)
        continue;
      kith_group_ring_place (state->gid, member->author, seat.place);
      memcpy (seat.author, member->author, sizeof seat.author);
      g_array_append_val (self->ring, seat);
    }

  g_array_sort (self->ring, compare_seats);
  self->member = FALSE;
  for (guint i = 0; i < self->ring->len; i++)
    if (memcmp (g_array_index (self->ring, Seat, i).author, me, KITH_GROUP_KEY_BYTES) == 0)
      {
        self->mine = i;
        self->member = TRUE;
      }
}

static void
add_slot (KithGroupOverlay *self, gint distance)
{
  Slot slot = { distance, 1, 0 };

  g_array_append_val (self->slots, slot);
}

/* The base whose powers lead across half the ring in the steps there are: everybody computes the
 * same, so that both ends of a link want it. */
static guint
find_base (guint n)
{
  for (guint base = 2;; base++)
    {
      guint reach = 1;

      for (guint i = 0; i < DISTANCES && reach < n; i++)
        reach *= base;
      if (reach >= n / 2)
        return base;
    }
}

static void
fill_slots (KithGroupOverlay *self, guint32 random)
{
  guint n = self->ring->len;
  guint base = find_base (n);
  guint distance = 1;

  g_array_set_size (self->slots, 0);
  for (guint i = 0; i < DISTANCES && distance <= n / 2; i++)
    {
      add_slot (self, (gint) distance);
      add_slot (self, -(gint) distance);
      distance *= base;
    }
  for (guint i = 0; i < RANDOM_LINKS; i++)
    {
      add_slot (self, 1 + (gint) (random % (n - 1)));
      random = random / (n - 1) + 1;
    }
}

/**
 * kith_group_overlay_set_members:
 * @self: an overlay
 * @state: who the members are
 * @me: our author key
 * @random: a random number
 *
 * To be called when members come or go.
 */
void
kith_group_overlay_set_members (KithGroupOverlay *self, const KithGroupState *state,
                                const guint8 me[KITH_GROUP_KEY_BYTES], guint32 random)
{
  fill_ring (self, state, me);
  g_array_set_size (self->slots, 0);
  if (self->member && self->ring->len > KITH_LIMIT_GROUP_MESH)
    fill_slots (self, random);
  self->changed = TRUE;
}

static const Seat *
seat_at (const KithGroupOverlay *self, gint distance)
{
  gint n = (gint) self->ring->len;
  gint index = ((gint) self->mine + distance) % n;

  return &g_array_index (self->ring, Seat, index < 0 ? index + n : index);
}

static gboolean
is_linked (const KithGroupOverlay *self, const guint8 *author)
{
  g_autoptr (GBytes) key = g_bytes_new_static (author, KITH_GROUP_KEY_BYTES);

  return g_hash_table_contains (self->linked, key);
}

/* The @i-th who would do for a slot: always away from us. */
static const Seat *
slot_seat (const KithGroupOverlay *self, const Slot *slot, guint i)
{
  return seat_at (self, slot->distance > 0 ? slot->distance + (gint) i : slot->distance - (gint) i);
}

static gboolean
is_served (const KithGroupOverlay *self, const Slot *slot)
{
  for (guint i = 0; i < slot->width; i++)
    if (is_linked (self, slot_seat (self, slot, i)->author))
      return TRUE;

  return FALSE;
}

/**
 * kith_group_overlay_set_linked:
 * @self: an overlay
 * @author: a member
 * @linked: whether there is a link with them now
 */
void
kith_group_overlay_set_linked (KithGroupOverlay *self, const guint8 author[KITH_GROUP_KEY_BYTES],
                               gboolean linked)
{
  g_autoptr (GBytes) key = g_bytes_new (author, KITH_GROUP_KEY_BYTES);

  if (linked)
    g_hash_table_add (self->linked, g_bytes_ref (key));
  else
    g_hash_table_remove (self->linked, key);
}

/**
 * kith_group_overlay_tick:
 * @self: an overlay
 * @now_ms: unix time
 *
 * Wants others in the place of those who are not to be had.
 *
 * Returns: when to call again, unix time in ms, or %G_MAXINT64
 */
gint64
kith_group_overlay_tick (KithGroupOverlay *self, gint64 now_ms)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = &g_array_index (self->slots, Slot, i);

      if (is_served (self, slot) || slot->width >= WIDEN_MOST)
        {
          slot->since_ms = now_ms;
          continue;
        }
      if (slot->since_ms == 0 || slot->since_ms > now_ms)
        slot->since_ms = now_ms;
      if (now_ms - slot->since_ms >= KITH_LIMIT_GROUP_WIDEN_MS)
        {
          slot->width++;
          slot->since_ms = now_ms;
          self->changed = TRUE;
        }
      next = MIN (next, slot->since_ms + KITH_LIMIT_GROUP_WIDEN_MS);
    }

  return next;
}

/**
 * kith_group_overlay_has_changed:
 * @self: an overlay
 *
 * Returns: whether others are wanted than when it was asked last
 */
gboolean
kith_group_overlay_has_changed (KithGroupOverlay *self)
{
  gboolean changed = self->changed;

  self->changed = FALSE;
  return changed;
}

static void
want (GPtrArray *wanted, GHashTable *seen, const KithGroupOverlay *self,
      const KithGroupState *state, const Seat *seat)
{
  KithGroupMember *member = kith_group_state_find (state, seat->author);

  if (member != NULL && seat != seat_at (self, 0) && g_hash_table_add (seen, member->author))
    g_ptr_array_add (wanted, member);
}

/**
 * kith_group_overlay_get_wanted:
 * @self: an overlay
 * @state: the state it was made from
 *
 * Returns: (transfer container) (element-type KithGroupMember): with whom links are wanted, those
 *   that matter most first; valid as long as @state
 */
GPtrArray *
kith_group_overlay_get_wanted (KithGroupOverlay *self, const KithGroupState *state)
{
  g_autoptr (GHashTable) seen = kith_group_table_new (NULL);
  GPtrArray *wanted = g_ptr_array_new ();

  if (!self->member)
    return wanted;

  for (guint i = 1; self->slots->len == 0 && i < self->ring->len; i++)
    want (wanted, seen, self, state, seat_at (self, (gint) i));
  for (guint width = 0; width < WIDEN_MOST; width++)
    for (guint i = 0; i < self->slots->len; i++)
      {
        const Slot *slot = &g_array_index (self->slots, Slot, i);

        if (width < slot->width)
          want (wanted, seen, self, state, slot_seat (self, slot, width));
      }

  return wanted;
}

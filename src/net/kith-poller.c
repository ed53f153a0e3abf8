/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sources with an epoll descriptor each, for all sockets of a main context. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-poller.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/kith-source.h"

#define TALK_AT_ONCE 64
#define BULK_AT_ONCE 1

/* Below GTK's redraw, which has 120. */
#define BULK_PRIORITY 200

typedef struct
{
  GSource  source;
  int      fd;      /* of epoll; -1 = not yet */
  gpointer tag;     /* of it in the source */
  int      at_once;
  GQueue   raised;  /* (owned) KithWatch: a reference each; also such as have left for the other lane */
} Lane;

struct _KithWatch
{
  grefcount     ref_count; /* its owner, who calls it, and the lanes in which it is raised */
  int           fd;        /* (unowned); -1 = none */
  gboolean      bulk;
  Lane         *lane;      /* (unowned): of bulk or not; it lives as long as the main context */
  Lane         *polled_by; /* (unowned) (nullable): whose epoll knows it */
  GIOCondition  wanted;
  GIOCondition  raised;
  KithWatchFunc func;      /* (nullable) when it was freed */
  gpointer      user_data;
};

static Lane *get_lane (gboolean bulk);

static void
release (KithWatch *self)
{
  if (g_ref_count_dec (&self->ref_count))
    g_free (self);
}

/* --- A turn --------------------------------------------------------------------------------- */

static GIOCondition
ready_of (const KithWatch *watch, guint32 events)
{
  GIOCondition ready = 0;

  if ((events & (EPOLLERR | EPOLLHUP)) != 0)
    return watch->wanted;
  if ((events & EPOLLIN) != 0)
    ready |= G_IO_IN;
  if ((events & EPOLLOUT) != 0)
    ready |= G_IO_OUT;

  return ready & watch->wanted;
}

/* Another may have freed or changed meanwhile who was ready at the beginning. */
static void
serve (Lane *self)
{
  struct epoll_event events[TALK_AT_ONCE];
  int n = epoll_wait (self->fd, events, self->at_once, 0);

  for (int i = 0; i < n; i++)
    g_ref_count_inc (&((KithWatch *) events[i].data.ptr)->ref_count);

  for (int i = 0; i < n; i++)
    {
      KithWatch *watch = events[i].data.ptr;
      GIOCondition ready = watch->lane == self ? ready_of (watch, events[i].events) : 0;

      if (ready != 0 && watch->func != NULL)
        watch->func (ready, watch->user_data);
      release (watch);
    }
}

/* Does what is raised now; what is raised meanwhile stays for the next time. */
static void
work_off (Lane *self)
{
  for (guint n = g_queue_get_length (&self->raised); n > 0 && !g_queue_is_empty (&self->raised); n--)
    {
      KithWatch *watch = g_queue_pop_head (&self->raised);
      GIOCondition ready = watch->lane == self ? watch->raised : 0;

      if (ready != 0)
        {
          watch->raised = 0;
          watch->func (ready, watch->user_data);
        }
      release (watch);
    }
}

static gboolean
prepare (GSource *source, int *timeout_ms)
{
  *timeout_ms = -1;
  return !g_queue_is_empty (&((Lane *) source)->raised);
}

static gboolean
is_ready (Lane *self)
{
  return self->tag != NULL && g_source_query_unix_fd (&self->source, self->tag) != 0;
}

static gboolean
check (GSource *source)
{
  return is_ready ((Lane *) source) || !g_queue_is_empty (&((Lane *) source)->raised);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  Lane *self = (Lane *) source;

  if (is_ready (self))
    serve (self);
  work_off (get_lane (FALSE));
  work_off (self);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  Lane *self = (Lane *) source;

  kith_source_forget_shared (source);
  g_queue_clear_full (&self->raised, (GDestroyNotify) release);
  if (self->fd >= 0)
    close (self->fd);
}

/* --- Lanes ---------------------------------------------------------------------------------- */

/* What kind it is shows in which of the two it is. */
static GSourceFuncs talk_funcs = { prepare, check, dispatch, finalize, NULL, NULL };
static GSourceFuncs bulk_funcs = { prepare, check, dispatch, finalize, NULL, NULL };

static GSource *
lane_new (GSourceFuncs *funcs, int priority, int at_once)
{
  GSource *source = g_source_new (funcs, sizeof (Lane));
  Lane *self = (Lane *) source;

  self->fd = -1;
  self->at_once = at_once;
  g_queue_init (&self->raised);
  g_source_set_priority (source, priority);
  g_source_set_can_recurse (source, TRUE);
  return source;
}

static GSource *
talk_new (void)
{
  GSource *source = lane_new (&talk_funcs, G_PRIORITY_DEFAULT, TALK_AT_ONCE);

  g_source_set_static_name (source, "kith-poller-talk");
  return source;
}

static GSource *
bulk_new (void)
{
  GSource *source = lane_new (&bulk_funcs, BULK_PRIORITY, BULK_AT_ONCE);

  g_source_set_static_name (source, "kith-poller-bulk");
  return source;
}

static Lane *
get_lane (gboolean bulk)
{
  return (Lane *) (bulk ? kith_source_get_shared (&bulk_funcs, bulk_new)
                        : kith_source_get_shared (&talk_funcs, talk_new));
}

static gboolean
open_lane (Lane *self)
{
  if (self->fd < 0)
    {
      self->fd = epoll_create1 (EPOLL_CLOEXEC);
      if (self->fd >= 0)
        self->tag = g_source_add_unix_fd (&self->source, self->fd, G_IO_IN);
    }

  return self->fd >= 0;
}

/* --- Watches -------------------------------------------------------------------------------- */

static void
queue_up (KithWatch *self)
{
  g_ref_count_inc (&self->ref_count);
  g_queue_push_tail (&self->lane->raised, self);
}

static void
stop_polling (KithWatch *self)
{
  /* Of a descriptor that is closed already the system has let go. */
  if (self->polled_by != NULL)
    epoll_ctl (self->polled_by->fd, EPOLL_CTL_DEL, self->fd, NULL);
  self->polled_by = NULL;
}

/* What nobody wants is not polled: an end or an error is reported whether it is wanted or not. */
static void
poll_again (KithWatch *self)
{
  struct epoll_event event = { .data.ptr = self };
  gboolean known = self->polled_by == self->lane;

  if (self->wanted == 0 || !known)
    stop_polling (self);
  if (self->wanted == 0)
    return;

  event.events = ((self->wanted & G_IO_IN) != 0 ? (guint32) EPOLLIN : 0)
                 | ((self->wanted & G_IO_OUT) != 0 ? (guint32) EPOLLOUT : 0);
  if (open_lane (self->lane)
      && epoll_ctl (self->lane->fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, self->fd, &event) == 0)
    {
      self->polled_by = self->lane;
      return;
    }

  g_debug ("A socket cannot be watched: %s", g_strerror (errno));
  self->wanted = 0;
  stop_polling (self);
  kith_watch_raise (self, G_IO_ERR);
}

/**
 * kith_watch_new:
 * @fd: (unowned): what to watch, open until the watch is freed; -1 = only what is raised
 * @func: what is called when it is ready
 * @user_data: (unowned): given to @func
 *
 * It belongs to the thread-default main context, which has to outlive it, wants nothing yet and is not in bulk.
 *
 * Returns: (transfer full): a watch
 */
KithWatch *
kith_watch_new (int fd, KithWatchFunc func, gpointer user_data)
{
  KithWatch *self = g_new0 (KithWatch, 1);

  g_ref_count_init (&self->ref_count);
  self->fd = fd;
  self->lane = get_lane (FALSE);
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * kith_watch_free:
 * @self: (transfer full): a watch; its descriptor is closed afterwards, not before
 *
 * Its function is not called any more, even if it was ready in this very turn.
 */
void
kith_watch_free (KithWatch *self)
{
  stop_polling (self);
  self->func = NULL;
  self->raised = 0;
  release (self);
}

/**
 * kith_watch_want:
 * @self: a watch with a descriptor
 * @wanted: %G_IO_IN, %G_IO_OUT, both or 0
 *
 * Says for what it is called from now on, again and again as long as that is possible.
 */
void
kith_watch_want (KithWatch *self, GIOCondition wanted)
{
  if (self->wanted == wanted)
    return;

  self->wanted = wanted;
  poll_again (self);
}

/**
 * kith_watch_raise:
 * @self: a watch
 * @ready: what to call it with
 *
 * Has it called once at the end of this turn of the loop, or in the next one, whatever its descriptor says.
 */
void
kith_watch_raise (KithWatch *self, GIOCondition ready)
{
  if (self->raised == 0)
    queue_up (self);
  self->raised |= ready;
}

/**
 * kith_watch_get_raised:
 * @self: a watch
 *
 * Returns: what it is still going to be called with, without its descriptor's doing
 */
GIOCondition
kith_watch_get_raised (KithWatch *self)
{
  return self->raised;
}

/**
 * kith_watch_set_bulk:
 * @self: a watch
 * @bulk: whether it keeps us busy, and has to wait until the window was drawn
 *
 * Moves it to the other lane, with all that it wants and what is raised.
 */
void
kith_watch_set_bulk (KithWatch *self, gboolean bulk)
{
  if (self->bulk == bulk)
    return;

  self->bulk = bulk;
  self->lane = get_lane (bulk);
  if (self->raised != 0)
    queue_up (self);
  poll_again (self);
}

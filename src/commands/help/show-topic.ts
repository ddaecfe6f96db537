import type { Context } from '../../context.js';
import { sectionsText, widthFor } from './text.js';
import { sectionsOf, type Topic } from './topics.js';

/** `remo help TOPIC`: what is said of it, on stdout. */
export async function showTopic(topic: Topic, { io, messages }: Context): Promise<void> {
  const lines = sectionsText(sectionsOf(topic, messages), widthFor(io.stdout));
  await io.out(lines.join('\n'));
}

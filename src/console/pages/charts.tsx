// The charts of all machines, as the generator drew them.
import { MACHINE_NAMES, MACHINES } from "../machine-names.ts";
import { PageHead } from "../parts/page-head.tsx";
import { useWords, words } from "../words.ts";

const TEXTS = words({
  en: { title: "Charts", lead: "Drawn from the machines that run: what is on the chart is what happens." },
  ru: { title: "Диаграммы", lead: "Нарисованы по тем машинам, которые работают: что на диаграмме, то и происходит." },
});

export function ChartsPage() {
  const t = useWords(TEXTS);
  const names = useWords(MACHINE_NAMES);
  return (
    <>
      <PageHead title={t.title} lead={t.lead} />
      <div class="pictures">
        {MACHINES.map((machine) => (
          <a key={machine} class="card" href={`/console/charts/${machine}`} data-machine={machine}>
            <div class="row apart">
              <h2>{names[machine]}</h2>
              <code class="quiet-text">{machine}</code>
            </div>
            <span class="frame-of-picture">
              <img src={`/console/charts/${machine}-compact.svg`} alt="" loading="lazy" />
            </span>
          </a>
        ))}
      </div>
    </>
  );
}
